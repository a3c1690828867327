"""What Confluence answers, as far as pmsync reads it; anything else in an answer is skipped."""

from typing import Generic, TypeVar

import msgspec

from pmsync.ports import PageHead, Property, Space

_Item = TypeVar("_Item")


class Links(msgspec.Struct, frozen=True, kw_only=True):
    """Where a list goes on; None at its end."""

    next: str | None = None


class Listing(msgspec.Struct, Generic[_Item], frozen=True, kw_only=True):
    """One page of a list."""

    results: list[_Item]
    links: Links = msgspec.field(name="_links", default_factory=Links)


class Revision(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A version's number and who made it."""

    number: int
    author_id: str | None = None


class Storage(msgspec.Struct, frozen=True, kw_only=True):
    """A body's text in storage format."""

    value: str


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """A body in the representation that was asked for."""

    storage: Storage


class SpaceAnswer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A space."""

    id: str
    key: str
    name: str
    homepage_id: str | None = None

    def space(self) -> Space:
        """Return it in pmsync's words."""
        return Space(id=self.id, key=self.key, name=self.name, homepage_id=self.homepage_id)


class PageAnswer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A page; its body is not looked at."""

    id: str
    space_id: str
    title: str
    status: str
    version: Revision
    parent_id: str | None = None

    def head(self) -> PageHead:
        """Return it in pmsync's words."""
        return PageHead(
            id=self.id,
            space_id=self.space_id,
            title=self.title,
            status=self.status,
            version=self.version.number,
            parent_id=self.parent_id,
            author_id=self.version.author_id,
        )


class WholePageAnswer(PageAnswer, frozen=True, kw_only=True, rename="camel"):
    """A page with its body."""

    body: Body


class CommentAnswer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An inline comment: is its thread still open?"""

    resolution_status: str = "open"


class PropertyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A content property; its value may be any JSON."""

    id: str
    key: str
    version: Revision
    value: object = None

    def property(self) -> Property:
        """Return it in pmsync's words; a value that is no object becomes an empty one."""
        value = self.value if isinstance(self.value, dict) else {}
        return Property(id=self.id, key=self.key, value=value, version=self.version.number)


class LabelAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A label."""

    name: str


class AccountAnswer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An account; an anonymous visitor has no id."""

    account_id: str | None = None


class AnyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of which only that it is an object counts."""
