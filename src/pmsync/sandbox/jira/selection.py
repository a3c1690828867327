"""Which fields a client asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pmsync.sandbox.jira.errors import bad_payload

NOT_NAVIGABLE = frozenset({"comment", "worklog", "attachment", "timetracking", "issuerestriction"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A parsed ``fields`` parameter.

    Attributes:
        every: ``*all``.
        navigable: ``*navigable``.
        names: Ids asked for one by one.
        without: Ids taken out with a minus.
    """

    every: bool = False
    navigable: bool = False
    names: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    @property
    def bare(self) -> bool:
        """Whether only the id is wanted."""
        return not (self.every or self.navigable) and self.names <= {"id"}

    @property
    def keyed(self) -> bool:
        """Whether nothing but id and key is wanted."""
        return not (self.every or self.navigable) and self.names <= {"id", "key"}

    @property
    def page_limit(self) -> int:
        """Most issues on a search page: fewer the more fields are asked for."""
        if self.keyed:
            return 5000
        if self.every or self.navigable:
            return 100
        return max(100, 2000 // (1 + len(self.names)))

    def wants(self, field_id: str, *, navigable: bool = True) -> bool:
        """Whether a field is to be delivered."""
        if field_id in self.without:
            return False
        if self.every or field_id in self.names:
            return True
        return self.navigable and navigable and field_id not in NOT_NAVIGABLE


def select(fields: Iterable[str] | None, *, default: str) -> Selection:
    """Parses field names, each possibly several with commas between.

    Args:
        fields: What the client sent; None or nothing means *default*.
        default: ``*all``, ``*navigable`` or ``id``.
    """
    names = [part.strip() for text in fields or () for part in text.split(",")]
    names = [name for name in names if name] or [default]
    without = frozenset(name[1:] for name in names if name.startswith("-"))
    plain = frozenset(names) - {f"-{name}" for name in without}
    if not plain:
        plain = frozenset({default})
    return Selection(
        every="*all" in plain,
        navigable="*navigable" in plain,
        names=frozenset(name for name in plain if not name.startswith("*")),
        without=without,
    )


def strings(value: object) -> Sequence[str] | None:
    """A body's list of strings; None stays None.

    Raises:
        JiraError: It is anything else (400).
    """
    if value is None:
        return None
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    raise bad_payload()
