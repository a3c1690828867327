"""Templates: overriding, strictness, walls, and errors that name their place."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from babel import Locale

from pmsync.core.errors import TemplateError
from pmsync.pages import engine as engine_module
from pmsync.pages.engine import Engine
from pmsync.pages.filters import locale_of

ENGLISH = Locale("en")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    title: str
    rows: tuple[_Row, ...]
    count: int | None = 1_234


VIEW = _View(title="A & B <c>", rows=(_Row(summary='"quoted"'),))


def _render(folder: Path, text: str, view: object = VIEW, **others: str) -> str:
    for name, content in {"page.j2": text, **others}.items():
        (folder / name.replace("_j2", ".j2")).write_text(content, encoding="utf-8")
    return Engine([folder], ENGLISH).render("page.j2", view, page="backlog")


def _error(folder: Path, text: str, **others: str) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        _render(folder, text, **others)
    return caught.value


def test_text_is_escaped_whatever_the_file_is_called(tmp_path: Path) -> None:
    """There is no way to forget escaping."""
    assert _render(tmp_path, "<p>{{ page.title }}</p>") == "<p>A &amp; B &lt;c&gt;</p>"


def test_an_own_template_wins_file_by_file(tmp_path: Path) -> None:
    """One overridden file, the rest built in."""
    own, built_in = tmp_path / "own", tmp_path / "built_in"
    for folder, files in ((own, {"a.j2": "mine"}), (built_in, {"a.j2": "theirs", "b.j2": "base"})):
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text)
    engine = Engine([own, built_in], ENGLISH)
    assert [engine.render(name, VIEW, page="x") for name in ("a.j2", "b.j2")] == ["mine", "base"]


def test_a_misspelt_name_is_told_with_line_page_and_suggestion(tmp_path: Path) -> None:
    """Strict about names, and helpful."""
    error = _error(tmp_path, "<p>\n{% for row in page.rows %}\n{{ row.sumary }}\n{% endfor %}")
    assert error.where == f"{tmp_path / 'page.j2'}:3"
    assert "page backlog" in error.what
    assert "sumary" in error.what
    assert error.cure == "did you mean 'summary'?"
    assert error.exit_code == 2


def test_an_error_in_a_macro_names_the_macros_file(tmp_path: Path) -> None:
    """The place is where it went wrong, not where the page began."""
    macros = "{% macro m(x) %}\n\n{{ x.nothing }}\n{% endmacro %}"
    error = _error(tmp_path, '{% import "m.j2" as m %}\n{{ m.m(page) }}', m_j2=macros)
    assert error.where == f"{tmp_path / 'm.j2'}:3"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("ok\n{% if %}", 2, "Expected an expression"),
        ("{{ page.title | nofilter }}", 1, "nofilter"),
        ('\n{% include "absent.j2" %}', 2, "no template absent.j2"),
        ('{% include "../../.env" %}', 1, "no template"),
        ("{{ 1 / 0 }}", 1, "ZeroDivisionError"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 1, "calls itself without end"),
    ],
)
def test_broken_templates_are_told_with_file_and_line(
    tmp_path: Path, text: str, line: int, told: str
) -> None:
    """Syntax, missing files, arithmetic and endless recursion: one clear message each."""
    error = _error(tmp_path, text)
    assert error.where == f"{tmp_path / 'page.j2'}:{line}"
    assert told in error.what
    assert error.cure


def test_a_missing_template_is_told(tmp_path: Path) -> None:
    """No directory has it: the name, and what to do."""
    with pytest.raises(TemplateError, match=r"there is no template page\.j2"):
        Engine([tmp_path], ENGLISH).render("page.j2", VIEW, page="backlog")


@pytest.mark.parametrize(
    "expression",
    [
        "''.__class__.__mro__",
        "page.__class__.__init__.__globals__",
        "page | attr('__class__')",
        "lipsum.__globals__",
        "cycler.__init__.__globals__.os",
        "'a' * 10**10",
        "'a' * 100000000",
        "[0] * 100000000",
        "10000000000 * 'a'",
        "2 ** 9 ** 9",
        "'%1000000000d' % 1",
        "'x'.center(10000000000)",
        "'{:>10000000000}'.format(1)",
        "'%s' | format(1)",
        "range(1000000000)",
    ],
)
def test_templates_reach_neither_pythons_insides_nor_all_of_the_memory(
    tmp_path: Path, expression: str
) -> None:
    """Each of these is an error with its place; none gives anything away."""
    with pytest.raises(TemplateError) as caught:
        _render(tmp_path, "{{ " + expression + " }}")
    assert caught.value.where == f"{tmp_path / 'page.j2'}:1"


def test_ordinary_arithmetic_works(tmp_path: Path) -> None:
    """The walls are not in the way of laying out a table."""
    assert _render(tmp_path, "{{ 3 * 4 }} {{ '-' * 3 }} {{ 7 % 4 }} {{ ([1] * 2) | join }}") == (
        "12 --- 3 11"
    )


def test_issue_text_is_never_a_template(tmp_path: Path) -> None:
    """What looks like Jinja in an issue stays text."""
    view = _View(title="{{ 7*7 }}{% raw %}", rows=())
    assert _render(tmp_path, "{{ page.title }}", view) == "{{ 7*7 }}{% raw %}"


def test_a_page_that_grows_without_end_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit holds while the page is being made, and the message says what to shorten."""
    monkeypatch.setattr(engine_module, "LARGEST_BODY", 10_000)
    error = _error(tmp_path, "{% for i in range(99999) %}{{ page.title }}{% endfor %}")
    assert "longer than 10,000 characters" in error.what
    assert "list fewer issues" in error.cure


def test_a_link_out_of_the_directory_is_no_template(tmp_path: Path) -> None:
    """A symbolic link to a secret does not end on a page."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / "secret").write_text("token")
    (folder / "page.j2").symlink_to(tmp_path / "secret")
    with pytest.raises(TemplateError, match="link out of its directory"):
        Engine([folder], ENGLISH).render("page.j2", VIEW, page="backlog")


def test_none_is_shown_as_nothing(tmp_path: Path) -> None:
    """No page says ``None``."""
    view = _View(title="", rows=(), count=None)
    assert _render(tmp_path, "[{{ page.count }}]", view) == "[]"


def test_sources_are_all_templates_that_may_take_part(tmp_path: Path) -> None:
    """Includes and imports, through one another; an unused file is none of them."""
    files = {
        "page.j2": '{% import "a.j2" as a %}',
        "a.j2": '{% include "b.j2" %}',
        "b.j2": "b",
        "unused.j2": "u",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    engine = Engine([tmp_path], ENGLISH)
    assert sorted(engine.sources("page.j2")) == ["a.j2", "b.j2", "page.j2"]
    (tmp_path / "page.j2").write_text("{% include page.title %}")
    assert sorted(engine.sources("page.j2")) == sorted(files)


@pytest.mark.parametrize(
    ("expression", "english", "german"),
    [
        ("1234567 | number", "1,234,567", "1.234.567"),
        ("4160 | score", "4,200", "4.200"),
        ("0.03471 | score", "0.035", "0,035"),
        ("none | score", "\u2013", "\u2013"),
        ("0.8 | percent", "80%", "80\u00a0%"),
        ('1 | plural("issue")', "1 issue", "1 issue"),
        ('0 | plural("issue")', "0 issues", "0 issues"),
        ('1200 | plural("entry", "entries")', "1,200 entries", "1.200 entries"),
        ('"]]>" | cdata', "<![CDATA[]]]]><![CDATA[>]]>", "<![CDATA[]]]]><![CDATA[>]]>"),
        ('"done" | colour', "Green", "Green"),
    ],
)
def test_filters_write_as_the_readers_do(
    tmp_path: Path, expression: str, english: str, german: str
) -> None:
    """Numbers follow the product's language."""
    (tmp_path / "page.j2").write_text("{{ " + expression + " }}")
    for language, expected in (("en", english), ("de", german)):
        engine = Engine([tmp_path], locale_of(language))
        assert engine.render("page.j2", VIEW, page="x") == expected


def test_an_unknown_language_is_told() -> None:
    """The product's language decides; a wrong one is an error with a cure."""
    assert str(locale_of("pt-BR")) == "pt_BR"
    with pytest.raises(TemplateError, match="'klingon' is unknown"):
        locale_of("klingon")
