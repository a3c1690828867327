"""The Jira half of a site: its issues, their order, and every way to change them."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any

from pmsync.sandbox.clock import SiteClock, written
from pmsync.sandbox.jira.catalogue import Catalogue
from pmsync.sandbox.jira.citations import Citations, cited
from pmsync.sandbox.jira.errors import JiraError, no_issue
from pmsync.sandbox.jira.issue import StoredIssue
from pmsync.sandbox.jira.numbering import Numbering
from pmsync.sandbox.jira.rank import RankOrder
from pmsync.sandbox.seed import Record, Seed


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field's new value, with what the changelog says of it."""

    field_id: str
    value: Any
    old: tuple[str | None, str | None] = (None, None)
    new: tuple[str | None, str | None] = (None, None)


class JiraState:
    """Issues by id and key, the rank order, and the changes that people and clients make.

    Hold ``lock`` around every read or change that must be whole.

    Attributes:
        shown: Fields by selection and project, worked out by whoever renders issues.
        notifications: How many mails the site would have sent.
        rank_faults: Issue id -> (status, message): a rank call refuses this issue, once.
    """

    def __init__(self, seed: Seed, clock: SiteClock, account: Record) -> None:
        self.lock = RLock()
        self.clock = clock
        self.account = account
        self.base_url = ""
        self.catalogue = Catalogue(seed, account)
        self.issues = {record["id"]: _stored(record) for record in map(_checked, seed.issues)}
        self.rank = RankOrder(self.issues)
        self.notifications = 0
        self.shown: dict[Hashable, Any] = {}
        self.rank_faults: dict[str, tuple[int, str]] = {}
        self._next_history = self._first_history()
        self._numbering = Numbering(self.issues.values())
        self._citations = Citations(self.issues)

    def _first_history(self) -> int:
        ids = (history["id"] for issue in self.issues.values() for history in issue.changelog)
        return max((int(each) for each in ids if str(each).isdigit()), default=10_000) + 1

    def find(self, id_or_key: str) -> StoredIssue | None:
        """A visible issue by id, key or a key it had before it moved; None if there is none."""
        issue = self.issues.get(id_or_key)
        if issue is None:
            issue = self.issues.get(self._numbering.find(id_or_key) or "")
        if issue is None or not self.catalogue.may("BROWSE_PROJECTS", issue.project):
            return None
        return issue

    def get(self, id_or_key: str) -> StoredIssue:
        """Like :meth:`find`.

        Raises:
            JiraError: There is none (404).
        """
        issue = self.find(id_or_key)
        if issue is None:
            raise no_issue()
        return issue

    def visible(self) -> Iterable[StoredIssue]:
        """Every issue the account may see, in no particular order."""
        denied = self.catalogue.denied
        hidden = {key for key, permission in denied if permission == "BROWSE_PROJECTS"}
        if not hidden:
            return self.issues.values()
        return [issue for issue in self.issues.values() if issue.project not in hidden]

    def children(self, issue: StoredIssue) -> list[StoredIssue]:
        """Issues whose parent is *issue*, oldest first."""
        return self._citations.children(issue)

    def change(
        self, issue: StoredIssue, changes: Sequence[Change], *, author: Record, mail: bool = True
    ) -> None:
        """Writes changes that differ from what is there, with one history; `updated` moves."""
        different = [each for each in changes if issue.fields.get(each.field_id) != each.value]
        if not different:
            return
        moment = written(self.clock.stamp())
        for each in different:
            issue.fields[each.field_id] = each.value
            issue.documents.pop(each.field_id, None)
        issue.fields["updated"] = moment
        items = [self._item(each) for each in different]
        self.add_history(issue, items, author=author, moment=moment)
        self.notifications += mail
        self._citations.changed(issue)

    def _item(self, change: Change) -> Record:
        field = self.catalogue.fields.get(change.field_id, {})
        return {
            "field": field.get("name", change.field_id) if field.get("custom") else change.field_id,
            "fieldtype": "custom" if field.get("custom") else "jira",
            "fieldId": change.field_id,
            "from": change.old[0],
            "fromString": change.old[1],
            "to": change.new[0],
            "toString": change.new[1],
        }

    def add_history(
        self, issue: StoredIssue, items: list[Record], *, author: Record, moment: str
    ) -> None:
        """Appends a history to an issue's changelog; `updated` stays."""
        history = {
            "id": str(self._next_history),
            "author": author,
            "created": moment,
            "items": items,
        }
        self._next_history += 1
        issue.changelog = [*issue.changelog, history]
        issue.rendered.clear()

    def move(
        self,
        block: Sequence[StoredIssue],
        *,
        before: StoredIssue | None = None,
        after: StoredIssue | None = None,
        author: Record,
    ) -> None:
        """Ranks issues; each gets a history entry, and `updated` shows nothing, as in Jira."""
        places = {issue.id: self.rank.place(issue.id) for issue in block}
        self.rank.move(
            [issue.id for issue in block],
            before=before.id if before else None,
            after=after.id if after else None,
        )
        moment = written(self.clock.stamp())
        for issue in block:
            place = self.rank.place(issue.id)
            if place == places[issue.id]:
                issue.rendered.clear()  # the rank's text is new even where the place is not
                continue
            word = "Ranked higher" if place < places[issue.id] else "Ranked lower"
            change = Change(
                field_id=self.catalogue.rank_field, value=None, old=("", ""), new=("", word)
            )
            self.add_history(issue, [self._item(change)], author=author, moment=moment)

    def delete(self, issue: StoredIssue) -> None:
        """Deletes an issue and its sub-tasks; links and parents that named it are gone too."""
        for child in self.children(issue):
            if child.named("issuetype").get("subtask"):
                self.delete(child)
        self._citations.changed(issue)
        del self.issues[issue.id]
        self._numbering.forget(issue.id)
        self.rank.remove(issue.id)
        for other in self.issues.values():
            self._drop(issue, other)
        self._citations.changed(issue)

    def _drop(self, gone: StoredIssue, other: StoredIssue) -> None:
        if str(other.named("parent").get("id")) == gone.id:
            other.fields["parent"] = None
        links = other.fields.get("issuelinks") or ()
        if any(cited(link) == gone.id for link in links):
            other.fields["issuelinks"] = [link for link in links if cited(link) != gone.id]

    def create(self, project: str, fields: Record) -> StoredIssue:
        """Creates an issue at the bottom of the order and returns it."""
        identity = self._numbering.new_id()
        moment = written(self.clock.stamp())
        issue = StoredIssue(
            id=identity,
            key=self._numbering.new_key(project, identity),
            fields={**fields, "created": moment, "updated": moment},
            changelog=[],
        )
        self.issues[identity] = issue
        self.rank.move([identity])
        self._citations.changed(issue)
        return issue

    def rekey(self, issue: StoredIssue, project: Record, *, author: Record) -> None:
        """Moves an issue to another project; its old key leads to it for ever."""
        old, issue.key = issue.key, self._numbering.new_key(project["key"], issue.id)
        small = {name: project.get(name) for name in ("id", "key", "name", "projectTypeKey")}
        before = issue.named("project")
        change = Change(
            field_id="project",
            value=small,
            old=(before.get("id"), before.get("name")),
            new=(project["id"], project["name"]),
        )
        self.change(issue, [change], author=author)
        key_change = Change(field_id="Key", value=None, old=(None, old), new=(None, issue.key))
        moment = issue.fields["updated"]
        self.add_history(issue, [self._item(key_change)], author=author, moment=moment)

    def forget_all(self) -> None:
        """Empties every cached answer: something that many issues show has changed."""
        self.shown.clear()
        for issue in self.issues.values():
            issue.rendered.clear()


def _checked(record: Record) -> Record:
    if not str(record["id"]).isdigit():
        message = f"issue id {record['id']!r} of {record['key']} is not a number"
        raise JiraError(400, message)
    return record


def _stored(record: Record) -> StoredIssue:
    return StoredIssue(
        id=str(record["id"]),
        key=record["key"],
        fields=dict(record["fields"]),
        changelog=list(record.get("changelog") or ()),
    )
