"""Pictures, emoji and dates."""

from datetime import date
from urllib.parse import urlsplit

from lxml.etree import _Element

from pmsync.sandbox.confluence.storage.names import ac, child_named, ri
from pmsync.sandbox.confluence.view.links import file_address
from pmsync.sandbox.confluence.view.markup import add, safe_number
from pmsync.sandbox.confluence.view.scene import Drawer, Scene

# Atlassian's own signs are drawn, so that they need no emoji font; others are characters.
_SIGNS = {"tick": "✓", "cross": "✕", "warning": "!", "information": "i", "question": "?"}
_EMOJI = {
    "smile": "🙂", "sad": "🙁", "cheeky": "😛", "laugh": "😀", "wink": "😉", "thumbs-up": "👍",
    "thumbs-down": "👎", "light-on": "💡", "light-off": "💡", "yellow-star": "⭐", "heart": "❤",
}  # fmt: skip
_LAYOUTS = frozenset({
    "center", "wide", "full-width", "align-start", "align-end", "wrap-left", "wrap-right",
})  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_date(day: date) -> str:
    """``Sep 24, 2026``."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def _image(scene: Scene, node: _Element, out: _Element) -> None:
    inline = node.get(ac("inline")) == "true"
    layout = node.get(ac("layout")) or "center"
    place = (
        "image-inline" if inline else f"image image-{layout if layout in _LAYOUTS else 'center'}"
    )
    holder = add(out, "span" if inline else "div", class_=place)
    attachment, url = child_named(node, "ri:attachment"), child_named(node, "ri:url")
    filename = attachment.get(ri("filename")) or "" if attachment is not None else ""
    known = any(file.title == filename for file in scene.site.files_on(scene.page))
    if attachment is None or not known:
        address = url.get(ri("value")) or "" if url is not None else ""
        where = urlsplit(address).hostname if "[" not in address else None
        missing = f"Picture on {where}" if where else f"No such file: {filename or 'picture'}"
        add(holder, "span", missing, class_="image-missing")
    else:
        add(
            holder, "img", src=file_address(scene.page, filename), alt=node.get(ac("alt")) or "",
            width=safe_number(node.get(ac("width")), most=1800),
            height=safe_number(node.get(ac("height")), most=4000),
            class_="bordered" if node.get(ac("border")) == "true" else None,
        )  # fmt: skip
    caption = child_named(node, "ac:caption")
    if caption is not None and not inline:
        scene.inside(caption, add(holder, "div", class_="caption"))


def _emoticon(_scene: Scene, node: _Element, out: _Element) -> None:
    name, short = node.get(ac("name")) or "", node.get(ac("emoji-shortname")) or ""
    own = (node.get(ac("emoji-id")) or "atlassian-").startswith("atlassian-")
    if own and name in _SIGNS:
        add(out, "span", _SIGNS[name], class_=f"sign sign-{name}", title=short or None)
        return
    fallback = node.get(ac("emoji-fallback")) or ""
    shown = fallback if fallback and not fallback.startswith(":") else _EMOJI.get(name)
    add(out, "span", shown or short or "🙂", class_="emoji", title=short or None)


def _time(_scene: Scene, node: _Element, out: _Element) -> None:
    text = node.get("datetime") or ""
    try:
        shown = short_date(date.fromisoformat(text[:10]))
    except ValueError:
        shown = text
    add(out, "span", shown, class_="date")


DRAWERS: dict[str, Drawer] = {"ac:image": _image, "ac:emoticon": _emoticon, "time": _time}
