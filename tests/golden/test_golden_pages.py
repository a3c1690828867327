"""The built-in pages of a small product, byte for byte.

A difference here is a new version of that page at every user's site: intended, or a mistake.
Refresh with ``pytest tests/golden --refresh-golden`` and look at the diff.
"""

from pathlib import Path

import pytest
import world

from pmsync.pages.render import Rendered, render_pages

TEMPLATES = Path(__file__).parents[2] / "templates"
FILES = Path(__file__).parent / "pages"


def _rendered() -> dict[str, Rendered]:
    product, known = world.product(), world.snapshot()
    backlog = world.applied(world.backlog(product, known))
    made = render_pages(product, known, backlog, templates=[TEMPLATES])
    return {page.page.replace("/", "-"): page for page in made}


PAGES = ["backlog", "roadmap", "notes-customers-901", "notes-customers-902", "notes-customers-904"]


@pytest.mark.parametrize("page", PAGES)
def test_the_page_is_the_one_that_was_looked_at(page: str, *, refresh: bool) -> None:
    """Title and body are those of the file."""
    rendered = _rendered()[page]
    text = f"{rendered.title}\n\n{rendered.body}\n"
    file = FILES / f"{page}.xml"
    if refresh:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_there_is_a_file_for_every_page_and_no_other() -> None:
    """A page nobody looked at is not there."""
    assert sorted(_rendered()) == sorted(PAGES)
    assert sorted(file.stem for file in FILES.iterdir()) == sorted(PAGES)
