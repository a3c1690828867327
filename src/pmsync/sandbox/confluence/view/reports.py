"""Macros that draw what stands elsewhere: headings, other pages, files."""

from collections.abc import Iterator

from lxml.etree import _Element

from pmsync.sandbox.confluence.api.cql import search
from pmsync.sandbox.confluence.errors import Refusal
from pmsync.sandbox.confluence.records import Page
from pmsync.sandbox.confluence.storage.names import ac, child_named, macro_name, name_of, parameter
from pmsync.sandbox.confluence.view.links import file_address, linked_page, page_address
from pmsync.sandbox.confluence.view.macros import body
from pmsync.sandbox.confluence.view.markup import add
from pmsync.sandbox.confluence.view.scene import MAX_NESTED, Drawer, Scene

_LEVELS = 6


def _contents(scene: Scene, node: _Element, out: _Element) -> None:
    least, most = _level(node, "minLevel", 1), _level(node, "maxLevel", _LEVELS)
    shown = [heading for heading in scene.headings if least <= heading.level <= most]
    lists: list[tuple[int, _Element]] = []
    top = add(out, "div", class_="toc")
    for heading in shown:
        while lists and lists[-1][0] > heading.level:
            lists.pop()
        if not lists or lists[-1][0] < heading.level:
            holder = lists[-1][1][-1] if lists else top
            lists.append((heading.level, add(holder, "ul")))
        add(add(lists[-1][1], "li"), "a", heading.text, href=f"#{heading.id}")


def _level(node: _Element, name: str, default: int) -> int:
    text = parameter(node, name) or ""
    return int(text) if text.isdecimal() and len(text) == 1 else default


def _children(scene: Scene, node: _Element, out: _Element) -> None:
    everything = parameter(node, "all") == "true" or parameter(node, "allChildren") == "true"
    depth = _LEVELS if everything else _level(node, "depth", 1)
    by_title = parameter(node, "sort") == "title"
    if not _tree(scene, scene.page, out, depth, by_title=by_title):
        add(out, "div", "No pages below this one.", class_="macro-note")


def _tree(scene: Scene, page: Page, out: _Element, depth: int, *, by_title: bool) -> bool:
    below = scene.site.children(page.id)
    if not below or depth < 1:
        return False
    drawn = add(out, "ul")
    for child in sorted(below, key=lambda p: p.title.casefold()) if by_title else below:
        item = add(drawn, "li")
        add(item, "a", child.title, href=page_address(scene, child))
        _tree(scene, child, item, depth - 1, by_title=by_title)
    return True


def _files(scene: Scene, _node: _Element, out: _Element) -> None:
    drawn = add(out, "ul", class_="files")
    for file in scene.site.files_on(scene.page):
        add(add(drawn, "li"), "a", file.title, href=file_address(scene.page, file.title))


def _found(scene: Scene, node: _Element, out: _Element) -> list[Page]:
    """The pages of a macro's CQL; a bad one is told, as Confluence does."""
    if scene.nested >= MAX_NESTED:
        return []
    try:
        return search(scene.site, parameter(node, "cql") or "")
    except Refusal as refusal:
        add(out, "div", refusal.title, class_="macro-error")
        return []


def _by_label(scene: Scene, node: _Element, out: _Element) -> None:
    drawn = add(out, "ul")
    for page in _found(scene, node, out):
        add(add(drawn, "li"), "a", page.title, href=page_address(scene, page))


def _properties_report(scene: Scene, node: _Element, out: _Element) -> None:
    wanted = parameter(node, "id") or ""
    rows = [(page, dict(_properties(scene, page, wanted))) for page in _found(scene, node, out)]
    rows = [(page, cells) for page, cells in rows if cells]
    named = parameter(node, "headings")
    asked = [name.strip() for name in named.split(",")] if named else None
    columns = asked or list(dict.fromkeys(name for _, cells in rows for name in cells))
    wrap = add(out, "div", class_="table-wrap table-default")
    table = add(add(wrap, "table"), "tbody")
    head = add(table, "tr")
    for name in (parameter(node, "firstcolumn") or "Title", *columns):
        add(add(head, "th"), "p", name)
    for page, cells in rows:
        row = add(table, "tr")
        add(add(add(row, "td"), "p"), "a", page.title, href=page_address(scene, page))
        for name in columns:
            cell = add(row, "td")
            if name in cells:
                scene.on(page).inside(cells[name], cell)


def _properties(scene: Scene, page: Page, wanted: str) -> Iterator[tuple[str, _Element]]:
    """The rows of a page's properties: name and the cell that holds the value."""
    for macro in scene.on(page).root.iter(ac("structured-macro")):
        named = macro_name(macro) == "details" and (not wanted or parameter(macro, "id") == wanted)
        for row in macro.iter("tr") if named else ():
            cells = [cell for cell in row if name_of(cell) in {"th", "td"}]
            if len(cells) > 1:
                yield " ".join("".join(cells[0].itertext()).split()), cells[1]


def _include(scene: Scene, node: _Element, out: _Element) -> None:
    page = _included(scene, node)
    if page is None:
        add(out, "div", "The included page could not be found.", class_="macro-error")
        return
    other = scene.on(page)
    if macro_name(node) == "include":
        other.inside(other.root, out)
        return
    name = parameter(node, "name")
    for macro in other.root.iter(ac("structured-macro")):
        inner = body(macro)
        fits = name in {None, parameter(macro, "name")}
        if macro_name(macro) == "excerpt" and fits and inner is not None:
            other.inside(inner, out)
            return


def _included(scene: Scene, node: _Element) -> Page | None:
    link = next(node.iter(ac("link")), None)
    page = linked_page(scene, link) if link is not None else None
    if page is None or page.id == scene.page.id or scene.nested >= MAX_NESTED:
        return None
    return page


def _page_tree(scene: Scene, node: _Element, out: _Element) -> None:
    root = _included(scene, node) or scene.site.pages[_home(scene)]
    _tree(scene, root, out, _LEVELS, by_title=False)


def _home(scene: Scene) -> int:
    return scene.site.spaces[scene.page.space_id].homepage_id


def _box(_scene: Scene, node: _Element, out: _Element) -> None:
    """What needs a living site (searches, profiles, galleries): a box with its name."""
    box = add(out, "div", class_="macro-box")
    add(box, "span", macro_name(node), class_="macro-name")
    for child in node:
        if name_of(child) == "ac:parameter" and child_named(child, "ac:link") is None:
            add(box, "span", f"{child.get(ac('name'))}: {child.text or ''}", class_="macro-note")


MACROS: dict[str, Drawer] = {
    "toc": _contents,
    "children": _children,
    "attachments": _files,
    "contentbylabel": _by_label,
    "detailssummary": _properties_report,
    **dict.fromkeys(("include", "excerpt-include"), _include),
    "pagetree": _page_tree,
    **dict.fromkeys(
        ("gallery", "livesearch", "profile", "recently-updated", "tasks-report-macro"), _box
    ),
    **dict.fromkeys(("change-history", "chart"), _box),
}
