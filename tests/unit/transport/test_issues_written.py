"""Which issues a write names, for limits that Jira counts by issue."""

import pytest

from pmsync.transport.issues_written import issues_written


@pytest.mark.parametrize(
    ("body", "path", "named"),
    [
        (b'{"issues": ["1", "2"], "rankBeforeIssue": "3"}', {}, ("1", "2")),
        ('{"issues": ["1"]}', {}, ("1",)),
        (b'{"fields": {}}', {"issueIdOrKey": "SHOP-1"}, ("SHOP-1",)),
        (b'{"issues": ["1"]}', {"issueIdOrKey": "SHOP-1"}, ("SHOP-1",)),
        (b'{"spaceId": "7"}', {"id": "123"}, ()),
        (b'{"issues": "1"}', {}, ()),
        (b'{"issues": ', {}, ()),
        (b"", {}, ()),
        (None, {}, ()),
        (iter([b"x"]), {}, ()),
    ],
)
def test_issues_are_found_in_path_or_body(
    body: object, path: dict[str, str], named: tuple[str, ...]
) -> None:
    """The path's issue counts before the body's; what cannot be read names none."""
    assert issues_written(body, path) == named
