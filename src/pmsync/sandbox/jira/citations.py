"""Which issues show which: a parent its sub-tasks, a child its parent, links their other end."""

from collections import defaultdict
from collections.abc import Mapping

from pmsync.sandbox.jira.issue import StoredIssue
from pmsync.sandbox.seed import Record


def cited(link: Record) -> str:
    """Id of the issue at the other end of a link."""
    other = link.get("outwardIssue") or link.get("inwardIssue") or {}
    return str(other.get("id", ""))


class Citations:
    """Follows parents and links of a site's issues."""

    def __init__(self, issues: Mapping[str, StoredIssue]) -> None:
        self._issues = issues
        self._children: dict[str, set[str]] | None = None
        self._citing: dict[str, set[str]] = defaultdict(set)
        for issue in issues.values():
            self._note(issue)

    def _note(self, issue: StoredIssue) -> None:
        """Once noted, for ever: an old citation costs a rendering too many, and no more."""
        if parent := issue.named("parent").get("id"):
            self._citing[str(parent)].add(issue.id)
            self._citing[issue.id].add(str(parent))
        for link in issue.fields.get("issuelinks") or ():
            if other := cited(link):
                self._citing[other].add(issue.id)

    def children(self, issue: StoredIssue) -> list[StoredIssue]:
        """Issues whose parent is *issue*, oldest first."""
        if self._children is None:
            self._children = defaultdict(set)
            for each in self._issues.values():
                if parent := each.named("parent").get("id"):
                    self._children[str(parent)].add(each.id)
        found = [self._issues[each] for each in self._children.get(issue.id, ())]
        return sorted(found, key=lambda child: child.number)

    def changed(self, issue: StoredIssue) -> None:
        """Empties the cached answers that show *issue*: its own, and those that cite it."""
        self._children = None
        self._note(issue)
        issue.rendered.clear()
        for each in self._citing.get(issue.id, ()):
            if each in self._issues:
                self._issues[each].rendered.clear()
