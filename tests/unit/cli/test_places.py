"""Names of queries and fields lead back to the keys of the rules."""

from datetime import date

import pytest
from world import product

from pmsync.cli.places import field_key, placed, query_key
from pmsync.config.configuration import Configuration
from pmsync.core.errors import ConfigError
from pmsync.core.queries import field_names, queries
from pmsync.core.rules import (
    BacklogPage,
    PageRules,
    Product,
    RankRules,
    Readers,
    ReleaseNotes,
    RoadmapPage,
)
from pmsync.pipeline.ask import BadQueryError

RULES = product(
    rank=RankRules(
        level=1, only="a = 1", never_move=("in_progress", "child_in_open_sprint", "b = 2")
    ),
    pages=PageRules(
        space="PROD",
        under="1",
        readers=Readers(projects=("SHOP",)),
        kinds=(BacklogPage(), RoadmapPage(now="c = 3", outcome="Outcome")),
    ),
    release_notes=(
        ReleaseNotes(audience="support", since=date(2026, 1, 1)),
        ReleaseNotes(audience="customers", since=date(2026, 1, 1), only="d = 4", text="Text"),
    ),
)


def test_every_query_has_a_key() -> None:
    """Whatever a product asks can be found in its file, the built-in sprint query too."""
    assert {name: query_key(RULES, name) for name in queries(RULES)} == {
        "rank:only": "rank.only",
        "open_sprint": "rank.never_move.1",
        "never_move:2": "rank.never_move.2",
        "page:roadmap:now": "pages.kinds.1.now",
        "notes:customers:only": "release_notes.1.only",
    }
    assert query_key(RULES, "scope") == "scope"


def test_every_field_has_a_key() -> None:
    """Inputs, the roadmap's outcome and the release notes' text."""
    found = {name: field_key(RULES, name) for name in field_names(RULES)}
    assert found["reach"] == "inputs.reach.field"
    assert found["page:outcome"] == "pages.kinds.1.outcome"
    assert found["notes:customers:text"] == "release_notes.1.text"


@pytest.mark.parametrize(
    ("origins", "told"),
    [
        ({"products.checkout.rank.only": "C:\\p\\checkout.yaml:7:9"}, "C:\\p\\checkout.yaml:7:9: "),
        ({"products.checkout.rank.only": "environment variable X"}, ""),
        ({}, ""),
    ],
)
def test_a_refused_query_has_its_place_if_it_is_known(origins: dict[str, str], told: str) -> None:
    """A path may hold colons; a value without a line is told by its key alone."""
    known = Configuration(sites={}, products={"checkout": RULES}, state="", origins=origins)
    with pytest.raises(ConfigError) as caught:
        _fail(known, RULES)
    assert str(caught.value).startswith(f"{told}rank.only: Jira refuses this JQL: no")
    assert isinstance(caught.value.__cause__, BadQueryError)


def _fail(known: Configuration, rules: Product) -> None:
    with placed(known, rules):
        name = "rank:only"
        raise BadQueryError(name, "a = 1", "no")
