"""Plain elements: text, lists, tables, tasks, layouts, comments' marks."""

from lxml.etree import _Element

from pmsync.sandbox.confluence.storage.names import ac, child_named, name_of
from pmsync.sandbox.confluence.view.markup import (
    add,
    safe_colour,
    safe_number,
    safe_style,
    say,
)
from pmsync.sandbox.confluence.view.scene import Drawer, Scene

_SAME = (
    "p", "strong", "em", "u", "s", "code", "sub", "sup", "small", "big", "cite", "q", "kbd", "samp",
    "var", "abbr", "blockquote", "ul", "li", "br", "hr", "pre", "span", "div", "dl", "dt", "dd",
    "tbody", "thead", "tfoot", "tr", "b", "i", "del", "ins",
)  # fmt: skip
_LAYOUTS = {
    "single": "1fr",
    "two_equal": "1fr 1fr",
    "two_left_sidebar": "1fr 2fr",
    "two_right_sidebar": "2fr 1fr",
    "three_equal": "1fr 1fr 1fr",
    "three_with_sidebars": "1fr 2fr 1fr",
}
_WIDE = frozenset({"wide", "full-width", "center", "align-start"})
_CELLS = frozenset({"td", "th"})


def _same(scene: Scene, node: _Element, out: _Element) -> None:
    drawn = add(out, name_of(node), style=safe_style(node.get("style")))
    scene.inside(node, drawn)


def _heading(scene: Scene, node: _Element, out: _Element) -> None:
    known = scene.heading(node)
    anchor = known.id if known is not None else None
    drawn = add(out, name_of(node), id=anchor, style=safe_style(node.get("style")))
    scene.inside(node, drawn)


def _ordered(scene: Scene, node: _Element, out: _Element) -> None:
    scene.inside(node, add(out, "ol", start=safe_number(node.get("start"), most=9999)))


def _table(scene: Scene, node: _Element, out: _Element) -> None:
    layout = node.get("data-layout") or "default"
    width = safe_number(node.get("data-table-width"), most=1800)
    known = layout if layout in _WIDE else "default"
    nested = any(name_of(above) in _CELLS for above in node.iterancestors())
    place = "table-nested" if nested else f"table-wrap table-{known}"
    style = f"--table-width: {width}px" if width and not nested else None
    wrap = add(out, "div", class_=place, style=style)
    table = add(wrap, "table")
    for part in node:
        if name_of(part) == "colgroup":
            _columns(part, table)
        else:
            scene.one(part, table)


def _columns(node: _Element, table: _Element) -> None:
    """Widths are shares of the whole; a narrow window shrinks them to 60 %, then scrolls."""
    widths = [_pixels(column) for column in node]
    whole = sum(width or 0 for width in widths)
    if whole:
        table.set("style", f"min-width: {whole * 6 // 10}px")
    drawn = add(table, "colgroup")
    for width in widths:
        share = f"width: {100 * width / whole:.3f}%" if width and whole else None
        add(drawn, "col", style=share)


def _pixels(column: _Element) -> int | None:
    style = safe_style(column.get("style")) or ""
    number = safe_number(style.removeprefix("width: ")) if style.startswith("width") else None
    return int(number) if number else None


def _cell(scene: Scene, node: _Element, out: _Element) -> None:
    colour = safe_colour(node.get("data-highlight-colour"))
    styles = [safe_style(node.get("style")), f"background-color: {colour}" if colour else None]
    drawn = add(
        out,
        name_of(node),
        style="; ".join(style for style in styles if style) or None,
        colspan=safe_number(node.get("colspan"), most=100),
        rowspan=safe_number(node.get("rowspan"), most=1000),
    )
    scene.inside(node, drawn)


def _layout(scene: Scene, node: _Element, out: _Element) -> None:
    scene.inside(node, add(out, "div", class_="layout"))


def _section(scene: Scene, node: _Element, out: _Element) -> None:
    columns = _LAYOUTS.get(node.get(ac("type")) or "", "1fr")
    mode = node.get(ac("breakout-mode"))
    wide = f" section-{mode}" if mode in {"wide", "full-width"} else ""
    style = f"grid-template-columns: {columns}"
    scene.inside(node, add(out, "div", class_=f"section{wide}", style=style))


def _layout_cell(scene: Scene, node: _Element, out: _Element) -> None:
    scene.inside(node, add(out, "div", class_="cell"))


def _task_list(scene: Scene, node: _Element, out: _Element) -> None:
    drawn = add(out, "ul", class_="tasks")
    for task in node:
        _task(scene, task, drawn)


def _task(scene: Scene, node: _Element, out: _Element) -> None:
    status, body = child_named(node, "ac:task-status"), child_named(node, "ac:task-body")
    done = status is not None and (status.text or "").strip() == "complete"
    item = add(out, "li", class_="task done" if done else "task")
    box = add(item, "span", "✓" if done else "", class_="box", role="checkbox")
    box.set("aria-checked", "true" if done else "false")
    if body is not None:
        scene.inside(body, add(item, "div", class_="task-text"))
    for nested in node:
        if name_of(nested) == "ac:task-list":
            _task_list(scene, nested, item)


def _marker(scene: Scene, node: _Element, out: _Element) -> None:
    """The text of an open comment is highlighted; a settled one looks like any text."""
    shown = node.get(ac("ref")) in scene.open_refs
    drawn = add(out, "span", class_="commented" if shown else None)
    scene.inside(node, drawn)


def _placeholder(_scene: Scene, node: _Element, out: _Element) -> None:
    add(out, "span", "".join(node.itertext()), class_="placeholder")


def _adf(scene: Scene, node: _Element, out: _Element) -> None:
    inner = child_named(node, "ac:adf-node")
    kind = inner.get("type") if inner is not None else None
    fallback = child_named(node, "ac:adf-fallback")
    if inner is not None and kind == "panel":
        look = _adf_value(inner, "panel-type") or "info"
        known = look if look in {"error", "note", "info", "success", "warning"} else "info"
        panel = add(out, "div", class_=f"panel panel-{known}")
        add(panel, "span", class_="panel-icon")
        _adf_content(scene, inner, add(panel, "div", class_="panel-text"))
    elif inner is not None and kind == "decision-list":
        drawn = add(out, "ul", class_="decisions")
        for item in inner:
            if item.get("type") == "decision-item":
                _adf_content(scene, item, add(drawn, "li"))
    elif fallback is not None:
        scene.inside(fallback, out)


def _adf_value(node: _Element, key: str) -> str | None:
    found = (child for child in node if name_of(child) == "ac:adf-attribute")
    return next((child.text for child in found if child.get("key") == key), None)


def _adf_content(scene: Scene, node: _Element, out: _Element) -> None:
    content = child_named(node, "ac:adf-content")
    if content is not None:
        scene.inside(content, out)


def _nothing(_scene: Scene, _node: _Element, _out: _Element) -> None:
    """Parameters and ids are not for readers."""


def _literal(_scene: Scene, node: _Element, out: _Element) -> None:
    say(out, "".join(node.itertext()))


DRAWERS: dict[str, Drawer] = {
    **dict.fromkeys(_SAME, _same),
    **{f"h{level}": _heading for level in range(1, 7)},
    "ol": _ordered,
    "table": _table,
    "td": _cell,
    "th": _cell,
    "ac:layout": _layout,
    "ac:layout-section": _section,
    "ac:layout-cell": _layout_cell,
    "ac:task-list": _task_list,
    "ac:inline-comment-marker": _marker,
    "ac:placeholder": _placeholder,
    "ac:adf-extension": _adf,
    "ac:parameter": _nothing,
    "ac:plain-text-body": _literal,
}
