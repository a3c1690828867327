"""Which files can be loaded, and what is said of those that cannot."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmsync.sandbox.load import InputError, load
from pmsync.sandbox.seed import Seed


def write(folder: Path, name: str, content: Any) -> Path:
    """A JSON file."""
    path = folder / name
    path.write_text(json.dumps(content), "utf-8")
    return path


def page(*issues: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A search page."""
    return {"startAt": 0, "maxResults": 50, "total": len(issues), "issues": list(issues), **more}


def issue(key: str, **fields: Any) -> dict[str, Any]:
    """An issue as sparse as a page may hold it."""
    return {"key": key, "fields": fields}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "is not JSON"),
        ("", "is not JSON"),
        ("\xff", "is not JSON"),
        ("3", "neither issues nor versions"),
        ('{"a": 1, "b": 2}', "holds a, b"),
        ("{}", "holds nothing"),
        ("[1]", "neither issues nor versions"),
        ('{"issues": [3]}', "issues[0] is no object"),
        ('{"issues": [{"fields": {}}]}', "issues[0] has no key such as ABC-1"),
        ('{"issues": [{"key": "A", "fields": {}}]}', "issues[0] has no key such as ABC-1"),
        ('{"issues": [{"key": "A-1"}]}', "(A-1) has no fields"),
        (
            '{"issues": [{"key": "A-1", "fields": {"updated": "soon"}}]}',
            "no moment in updated: 'soon'",
        ),
        ('{"key": "A-1"}', "neither fields nor a changelog"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_bad_files_are_named_with_the_reason(tmp_path: Path, text: str, why: str) -> None:
    """One error that names the file and says what is wrong with it."""
    path = tmp_path / "bad.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError) as caught:
        load([path])
    assert str(caught.value).startswith(f"{path}: ")
    assert why in str(caught.value)


def test_absent_file(tmp_path: Path) -> None:
    """A file that is not there, and a folder."""
    with pytest.raises(InputError, match="No such file"):
        load([tmp_path / "none.json"])
    with pytest.raises(InputError, match="directory"):
        load([tmp_path])


def test_no_files_make_an_empty_site() -> None:
    """Nothing in, nothing out, and a clock all the same."""
    seed = load([])
    assert (seed.issues, seed.projects) == ([], [])
    assert seed.now.tzinfo is not None


def test_every_shape_is_told_apart(tmp_path: Path) -> None:
    """Pages, bare issues, versions in three shapes, and a changelog of its own."""
    versions = [{"id": "7", "name": "1.0", "released": True}]
    log = [{"id": "2", "created": "2024-02-02T00:00:00.000+0000", "items": []}]
    early = [{"id": "1", "created": "2024-01-02T00:00:00.000+0000", "items": []}]
    seed = load(
        [
            write(tmp_path, "page.json", page(issue("A-1"), issue("B-1"))),
            write(tmp_path, "list.json", [issue("A-2")]),
            write(tmp_path, "single.json", issue("A-3")),
            write(
                tmp_path, "changelog.json", {"key": "A-1", "changelog": {"histories": log + early}}
            ),
            write(tmp_path, "by-project.json", {"B": versions}),
            write(tmp_path, "paged.json", {"values": [{"id": "8", "name": "2.0"}]}),
        ]
    )
    assert [one["key"] for one in seed.issues] == ["A-1", "B-1", "A-2", "A-3"]
    assert [one["id"] for one in seed.issues[0]["changelog"]] == ["1", "2"]
    homes = {one["key"]: int(one["id"]) for one in seed.projects}
    assert [(one["name"], one["projectId"]) for one in seed.versions] == [
        ("1.0", homes["B"]),
        ("2.0", homes["A"]),
    ]


def test_a_list_of_versions_belongs_where_it_is_used(tmp_path: Path) -> None:
    """Without a project of its own, it goes to the one that mentions most of it."""
    used = {"id": "5", "name": "5"}
    seed = load(
        [
            write(tmp_path, "a.json", page(issue("A-1"), issue("B-1", fixVersions=[used]))),
            write(tmp_path, "v.json", [{"id": "5", "name": "5"}, {"id": "6", "name": "6"}]),
        ]
    )
    home = next(one["id"] for one in seed.projects if one["key"] == "B")
    assert {one["projectId"] for one in seed.versions} == {int(home)}


def test_overlapping_pages_hold_an_issue_once(tmp_path: Path) -> None:
    """Page borders move while somebody else downloads."""
    first = write(tmp_path, "1.json", page(issue("A-1"), issue("A-2")))
    second = write(tmp_path, "2.json", page(issue("A-2"), issue("A-3")))
    assert [one["key"] for one in load([first, second]).issues] == ["A-1", "A-2", "A-3"]


def test_ids_are_numbers_and_unique(tmp_path: Path) -> None:
    """Missing, repeated and odd ids are replaced."""
    pages = page(
        {**issue("A-1"), "id": "10"}, {**issue("B-1"), "id": "10"}, {**issue("C-1"), "id": "x"}
    )
    ids = [one["id"] for one in load([write(tmp_path, "a.json", pages)]).issues]
    assert ids[0] == "10"
    assert len(set(ids)) == 3
    assert all(one.isdigit() for one in ids)


def test_sparse_issues_get_what_every_issue_has(tmp_path: Path) -> None:
    """A page asked for a summary only still makes a whole site."""
    seed = load([write(tmp_path, "a.json", page(issue("AB-7", status={"name": "Resolved"})))])
    shown = seed.issues[0]["fields"]
    assert shown["project"]["key"] == "AB"
    assert shown["issuetype"]["hierarchyLevel"] == 0
    assert shown["status"]["statusCategory"]["key"] == "done"
    assert shown["created"] == shown["updated"]
    assert seed.statuses[0]["id"].isdigit()


def test_the_clock_stands_after_the_newest_change(tmp_path: Path) -> None:
    """A minute later, in UTC."""
    pages = page(
        issue("A-1", updated="2024-05-06T10:00:00.000+0200"),
        issue("A-2", updated="2024-05-06T07:00:00.000+0000"),
    )
    now = load([write(tmp_path, "a.json", pages)]).now
    assert now.isoformat() == "2024-05-06T08:01:00+00:00"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "name", "key", "fields", "displayName", "state", "value", "status"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
_FIELDS = st.sampled_from(
    [
        *("project", "issuetype", "status", "priority", "resolution", "fixVersions", "versions"),
        *("issuelinks", "parent", "subtasks", "sprint", "closedSprints", "epic", "flagged"),
        *("security", "assignee", "customfield_1", "customfield_10020", "other", "created"),
    ]
)


@given(st.lists(st.dictionaries(_FIELDS, _JSON, max_size=5), max_size=4), _JSON, _JSON)
def test_any_content_loads_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, fields: list[dict[str, Any]], names: Any, log: Any
) -> None:
    """Odd values never raise anything but the one error."""
    folder = tmp_path_factory.mktemp("any")
    issues = [{**issue(f"A-{place}", **one), "changelog": log} for place, one in enumerate(fields)]
    try:
        seed = load([write(folder, "any.json", page(*issues, names=names))])
    except InputError:
        return
    _assert_consistent(seed)


def _assert_consistent(seed: Seed) -> None:
    known = {one["id"] for one in seed.fields}
    projects = {one["id"] for one in seed.projects}
    statuses = {one["id"] for one in seed.statuses}
    for one in seed.issues:
        assert set(one["fields"]) <= known
        assert one["fields"]["project"]["id"] in projects
        assert one["fields"]["status"]["id"] in statuses
    for version in seed.versions:
        assert str(version["projectId"]) in projects
