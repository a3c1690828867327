"""One step of the sort, as declared."""

from dataclasses import dataclass
from typing import ClassVar, Literal

Direction = Literal["highest first", "lowest first", "earliest first", "latest first"]
DateKey = Literal["due", "created", "updated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderKey:
    """One step of the sort.

    Attributes:
        by: A score's name, an input's name, or ``due``, ``created``, ``updated``.
        direction: None for a class, which has its own order.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # for pmsync.config

    by: str
    direction: Direction | None = None
