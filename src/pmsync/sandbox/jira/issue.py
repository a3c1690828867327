"""One issue as the sandbox keeps it."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from pmsync.sandbox.seed import Record

Rendering = tuple[object, ...]
"""What a cached answer depends on: field selection, API version, expansions."""


@dataclass(slots=True, kw_only=True, eq=False)
class StoredIssue:
    """An issue; its record is replaced piece by piece, never changed in place.

    Attributes:
        id: Jira's numeric id as text.
        fields: ``{field id: value}`` in the shape of REST v2, texts in wiki markup, or as an
            Atlassian document where a client of v3 wrote one.
        changelog: Histories, oldest first.
        rendered: Finished JSON by what it depends on; emptied by every change.
        documents: Texts as Atlassian documents by field, already JSON; emptied by their change.
    """

    id: str
    key: str
    fields: Record
    changelog: list[Record]
    rendered: dict[Rendering, bytes] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The id, as it sorts."""
        return int(self.id)

    @property
    def project(self) -> str:
        """Key of the project."""
        return self.key.rpartition("-")[0]

    @property
    def place(self) -> tuple[str, int]:
        """How keys sort: by project, then by number."""
        project, _, number = self.key.rpartition("-")
        return project, int(number)

    def named(self, field_id: str) -> Record:
        """An object field's value; empty where there is none."""
        value = self.fields.get(field_id)
        return value if isinstance(value, dict) else {}


@lru_cache(maxsize=1 << 17)
def epoch_ms(text: str) -> int:
    """A moment as REST v2 writes it, in epoch milliseconds.

    Raises:
        ValueError: It is no moment.
    """
    return round(datetime.fromisoformat(text).timestamp() * 1000)
