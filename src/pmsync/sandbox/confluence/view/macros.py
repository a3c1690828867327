"""Macros that draw what stands in them."""

from lxml.etree import _Element

from pmsync.sandbox.confluence.storage.names import child_named, macro_name, parameter, ri
from pmsync.sandbox.confluence.view.links import file_address, issue_card
from pmsync.sandbox.confluence.view.markup import add, safe_colour, safe_style
from pmsync.sandbox.confluence.view.scene import Drawer, Scene

# Cloud shows the old macros under new names: note is its warning, warning its error.
_PANELS = {"info": "info", "note": "warning", "tip": "success", "warning": "error"}
_COLOURS = frozenset({"grey", "red", "yellow", "green", "blue", "purple"})


def macro(scene: Scene, node: _Element, out: _Element) -> None:
    """Any macro: by its own drawer, else as a box that names it."""
    name = macro_name(node)
    draw = scene.macros.get(name)
    if draw is not None:
        draw(scene, node, out)
    else:
        add(out, "div", f"{name} macro", class_="macro-box")


def body(node: _Element) -> _Element | None:
    """The storage format in a macro."""
    return child_named(node, "ac:rich-text-body")


def _inside(scene: Scene, node: _Element, out: _Element) -> None:
    inner = body(node)
    if inner is not None:
        scene.inside(inner, out)


def _status(_scene: Scene, node: _Element, out: _Element) -> None:
    colour = (parameter(node, "colour") or "Grey").lower()
    look = colour if colour in _COLOURS else "grey"
    add(out, "span", parameter(node, "title") or "", class_=f"lozenge lozenge-{look}")


def _panel(scene: Scene, node: _Element, out: _Element) -> None:
    look = _PANELS[macro_name(node)]
    panel = add(out, "div", class_=f"panel panel-{look}")
    add(panel, "span", class_="panel-icon")
    text = add(panel, "div", class_="panel-text")
    _title(node, text)
    _inside(scene, node, text)


def _custom_panel(scene: Scene, node: _Element, out: _Element) -> None:
    colour = safe_colour(parameter(node, "bgColor"))
    style = f"background-color: {colour}" if colour else None
    panel = add(out, "div", class_="panel panel-custom", style=style)
    icon = parameter(node, "panelIconText")
    if icon:
        add(panel, "span", icon, class_="panel-emoji")
    text = add(panel, "div", class_="panel-text")
    _title(node, text)
    _inside(scene, node, text)


def _title(node: _Element, out: _Element) -> None:
    title = parameter(node, "title")
    if title:
        add(add(out, "p"), "strong", title)


def _expand(scene: Scene, node: _Element, out: _Element) -> None:
    details = add(out, "details", class_="expand")
    add(details, "summary", parameter(node, "title") or "Click here to expand...")
    _inside(scene, node, add(details, "div", class_="expand-text"))


def _code(_scene: Scene, node: _Element, out: _Element) -> None:
    holder = add(out, "div", class_="code")
    title = parameter(node, "title")
    if title:
        add(holder, "div", title, class_="code-title")
    plain = child_named(node, "ac:plain-text-body")
    text = "".join(plain.itertext()) if plain is not None else ""
    if parameter(node, "collapse") == "true":
        holder = add(holder, "details")
        add(holder, "summary", "Show source")
    inner = add(holder, "div", class_="code-body")
    if macro_name(node) == "code":
        numbers = "\n".join(str(line + 1) for line in range(text.count("\n") + 1))
        add(inner, "pre", numbers, class_="code-lines")
    add(inner, "pre", text, class_="code-text")


def _properties(scene: Scene, node: _Element, out: _Element) -> None:
    if parameter(node, "hidden") != "true":
        _inside(scene, node, add(out, "div", class_="properties"))


def _excerpt(scene: Scene, node: _Element, out: _Element) -> None:
    if parameter(node, "hidden") != "true":
        _inside(scene, node, add(out, "div", class_="excerpt"))


def _anchor(_scene: Scene, node: _Element, out: _Element) -> None:
    add(out, "span", id=parameter(node, "") or None, class_="anchor")


def _jira(scene: Scene, node: _Element, out: _Element) -> None:
    key = parameter(node, "key")
    if key:
        issue_card(scene, key, f"/browse/{key}" if key.replace("-", "").isalnum() else None, out)
        return
    box = add(out, "div", class_="macro-box")
    add(box, "span", "Jira issues", class_="macro-name")
    add(box, "code", parameter(node, "jqlQuery") or "")
    most = parameter(node, "maximumIssues")
    if most:
        add(box, "span", f"at most {most}", class_="macro-note")


def _section(scene: Scene, node: _Element, out: _Element) -> None:
    _inside(scene, node, add(out, "div", class_="columns"))


def _column(scene: Scene, node: _Element, out: _Element) -> None:
    style = safe_style(f"width: {parameter(node, 'width') or ''}")
    _inside(scene, node, add(out, "div", class_="column", style=style))


def _file_card(scene: Scene, node: _Element, out: _Element) -> None:
    found = next(node.iter(ri("attachment")), None)
    filename = found.get(ri("filename")) or "" if found is not None else ""
    known = any(file.title == filename for file in scene.site.files_on(scene.page))
    address = file_address(scene.page, filename) if known else None
    add(out, "a" if address else "span", filename, class_="file-card", href=address)


MACROS: dict[str, Drawer] = {
    **dict.fromkeys(_PANELS, _panel),
    "panel": _custom_panel,
    "status": _status,
    "expand": _expand,
    **dict.fromkeys(("code", "noformat"), _code),
    "details": _properties,
    "excerpt": _excerpt,
    "anchor": _anchor,
    "jira": _jira,
    "section": _section,
    "column": _column,
    "view-file": _file_card,
}
DRAWERS: dict[str, Drawer] = {"ac:structured-macro": macro}
