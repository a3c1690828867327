"""Links of every kind, mentions and smart links."""

import re
from urllib.parse import quote

from lxml.etree import _Element

from pmsync.sandbox.confluence.records import Page
from pmsync.sandbox.confluence.storage.names import ac, child_named, name_of, ri
from pmsync.sandbox.confluence.view.markup import add, safe_address
from pmsync.sandbox.confluence.view.scene import Drawer, Scene

_ISSUE_ADDRESS = re.compile(r"/browse/([A-Z][A-Z0-9_]+-[0-9]+)(?:[?#].*)?$")
_NO_REFERRER = "nofollow noopener noreferrer"
_CARDS = frozenset({"inline", "block", "embed"})


def page_address(scene: Scene, page: Page) -> str:
    """Where a reader finds a page."""
    return f"/wiki/spaces/{scene.site.spaces[page.space_id].key}/pages/{page.id}"


def file_address(page: Page, filename: str) -> str:
    """Where a page's attachment is fetched."""
    return f"/wiki/download/attachments/{page.id}/{quote(filename, safe='')}"


def linked_page(scene: Scene, link: _Element) -> Page | None:
    """The page that an ``ac:link`` names; None if it names none, or one that is not there."""
    target = child_named(link, "ri:page")
    if target is None:
        return None
    title, key = target.get(ri("content-title")) or "", target.get(ri("space-key"))
    space = scene.site.space_of(key) if key else scene.site.spaces[scene.page.space_id]
    if space is None:
        return None
    if title == "@home":
        return scene.site.pages.get(space.homepage_id)
    found = scene.site.titled(space.id, title)
    return found if found is not None and found.status == "current" else None


def issue_card(scene: Scene, key: str, address: str | None, out: _Element) -> None:
    """An issue as a smart link: its key, and what the site's Jira says of it."""
    card = add(out, "a" if address else "span", class_="card", href=address, rel=_NO_REFERRER)
    add(card, "span", class_="card-icon")
    known = scene.site.issue_lookup(key) if scene.site.issue_lookup is not None else None
    if known is None:
        add(card, "span", key, class_="card-text")
        return
    add(card, "span", f"{key}: {known.summary}", class_="card-text")
    colour = {"done": "Green", "indeterminate": "Blue"}.get(known.category, "Grey")
    add(card, "span", known.status, class_=f"lozenge lozenge-{colour.lower()}")


def _anchor(scene: Scene, node: _Element, out: _Element) -> None:
    address = safe_address(node.get("href"))
    appearance = node.get("data-card-appearance")
    issue = _ISSUE_ADDRESS.search(address or "")
    if address is not None and appearance in _CARDS:
        if issue is not None:
            issue_card(scene, issue[1], address, out)
        else:
            _card(node, address, appearance, out)
        return
    if address is None:
        scene.inside(node, add(out, "span", class_="dead-link"))
        return
    scene.inside(node, add(out, "a", href=address, rel=_NO_REFERRER))


def _card(node: _Element, address: str, appearance: str, out: _Element) -> None:
    look = "card" if appearance == "inline" else "card card-block"
    card = add(out, "a", class_=look, href=address, rel=_NO_REFERRER)
    add(card, "span", class_="card-icon card-icon-link")
    add(card, "span", "".join(node.itertext()), class_="card-text")


def _link(scene: Scene, node: _Element, out: _Element) -> None:
    user = child_named(node, "ri:user")
    if user is not None:
        _mention(scene, user, out)
        return
    address, name = _target(scene, node)
    body = child_named(node, "ac:link-body")
    plain = child_named(node, "ac:plain-text-link-body")
    drawn = add(out, "a" if address else "span", href=address)
    if address is None:
        drawn.set("class", "dead-link")
    if body is not None:
        scene.inside(body, drawn)
    else:
        drawn.text = "".join(plain.itertext()) if plain is not None else name


def _target(scene: Scene, node: _Element) -> tuple[str | None, str]:
    """The address of an ``ac:link`` (None if there is nothing there) and its name."""
    anchor = node.get(ac("anchor"))
    fragment = f"#{quote(anchor)}" if anchor else ""
    target = next((child for child in node if name_of(child).startswith("ri:")), None)
    if target is None:
        return fragment or None, anchor or ""
    kind = name_of(target)
    if kind == "ri:attachment":
        filename = target.get(ri("filename")) or ""
        known = any(file.title == filename for file in scene.site.files_on(scene.page))
        return (file_address(scene.page, filename) if known else None), filename
    if kind == "ri:space":
        key = target.get(ri("space-key")) or ""
        space = scene.site.space_of(key)
        return (f"/wiki/spaces/{space.key}" if space else None), space.name if space else key
    page = linked_page(scene, node)
    title = target.get(ri("content-title")) or ""
    return (page_address(scene, page) + fragment if page else None), title


def _mention(scene: Scene, user: _Element, out: _Element) -> None:
    account = user.get(ri("account-id")) or ""
    person = scene.site.people.get(account)
    add(out, "span", f"@{person.name if person else 'Former user'}", class_="mention")


DRAWERS: dict[str, Drawer] = {"a": _anchor, "ac:link": _link}
