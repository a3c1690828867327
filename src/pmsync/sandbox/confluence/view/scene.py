"""What is being drawn, and by whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from lxml.etree import _Element

from pmsync.sandbox.confluence import storage
from pmsync.sandbox.confluence.records import Page
from pmsync.sandbox.confluence.site import Site
from pmsync.sandbox.confluence.storage.names import name_of
from pmsync.sandbox.confluence.view.markup import say

Drawer: TypeAlias = Callable[["Scene", _Element, _Element], None]
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
MAX_NESTED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of the page, with the id that links to it use."""

    element: _Element
    level: int
    text: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One page on its way to HTML.

    Attributes:
        drawers: By element name of storage format.
        macros: By macro name.
        nested: How many pages include this one; drawing stops at ``MAX_NESTED``.
    """

    site: Site
    page: Page
    root: _Element
    drawers: Mapping[str, Drawer]
    macros: Mapping[str, Drawer]
    headings: tuple[Heading, ...] = ()
    nested: int = 0
    open_refs: frozenset[str] = field(default_factory=frozenset)

    def inside(self, node: _Element, out: _Element) -> None:
        """Draw what stands in an element: its text and children, not itself."""
        say(out, node.text)
        for child in node:
            self.one(child, out)
            say(out, child.tail)

    def one(self, node: _Element, out: _Element) -> None:
        """Draw one element without its tail. What nobody can draw shows its content."""
        draw = self.drawers.get(name_of(node))
        if draw is None:
            self.inside(node, out)
        else:
            draw(self, node, out)

    def heading(self, node: _Element) -> Heading | None:
        """What is known of a heading's element."""
        return next((found for found in self.headings if found.element is node), None)

    def on(self, page: Page) -> "Scene":
        """The same for another page that this one shows a part of."""
        return replace(
            scene(self.site, page, self.drawers, self.macros), nested=self.nested + 1, headings=()
        )


def scene(
    site: Site, page: Page, drawers: Mapping[str, Drawer], macros: Mapping[str, Drawer]
) -> Scene:
    """A page ready to be drawn."""
    root = storage.parse(page.body)
    open_refs = {
        comment.ref
        for comment in site.comments_on(page)
        if comment.parent_id is None and comment.settled != "resolved"
    }
    return Scene(
        site=site,
        page=page,
        root=root,
        drawers=drawers,
        macros=macros,
        headings=_headings(root),
        open_refs=frozenset(open_refs),
    )


def _headings(root: _Element) -> tuple[Heading, ...]:
    found: list[Heading] = []
    taken: dict[str, int] = {}
    for element in root.iter():
        level = _HEADINGS.get(name_of(element))
        if level is None:
            continue
        text = " ".join("".join(element.itertext()).split())
        anchor = "-".join(text.split()) or "heading"
        again = taken.get(anchor, 0)
        taken[anchor] = again + 1
        number = f".{again}" if again else ""
        found.append(Heading(element=element, level=level, text=text, id=f"{anchor}{number}"))
    return tuple(found)
