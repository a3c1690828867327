"""Ids and keys: handed out once, found for ever."""

from collections.abc import Iterable

from pmsync.sandbox.jira.issue import StoredIssue


class Numbering:
    """Which issue a key means, its former keys included, and the next free numbers.

    Numbers of deleted issues are not given again, as in Jira.
    """

    def __init__(self, issues: Iterable[StoredIssue]) -> None:
        self._ids: dict[str, str] = {}
        self._last_id = 10_000
        self._last: dict[str, int] = {}
        for issue in issues:
            self._note(issue.key, issue.id)
            self._last_id = max(self._last_id, issue.number)

    def _note(self, key: str, issue_id: str) -> None:
        project, _, number = key.rpartition("-")
        self._last[project] = max(self._last.get(project, 0), int(number))
        self._ids[key.upper()] = issue_id

    def find(self, key: str) -> str | None:
        """The id that a key leads to; None if it leads nowhere."""
        return self._ids.get(key.upper())

    def new_id(self) -> str:
        """An id that no issue ever had."""
        self._last_id += 1
        return str(self._last_id)

    def new_key(self, project: str, issue_id: str) -> str:
        """A key that no issue of the project ever had; it leads to *issue_id* from now on."""
        key = f"{project}-{self._last.get(project, 0) + 1}"
        self._note(key, issue_id)
        return key

    def forget(self, issue_id: str) -> None:
        """Leaves every key of a deleted issue leading nowhere."""
        self._ids = {key: each for key, each in self._ids.items() if each != issue_id}
