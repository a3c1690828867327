"""The whole document around a page: bar, page tree, title, by-line, labels, files, comments."""

from datetime import date
from importlib.resources import files

from lxml import etree
from lxml.etree import _Element

from pmsync.sandbox.confluence import storage
from pmsync.sandbox.confluence.records import Comment, Page, Space
from pmsync.sandbox.confluence.site import Site
from pmsync.sandbox.confluence.view import elements, links, macros, media, reports
from pmsync.sandbox.confluence.view.markup import add
from pmsync.sandbox.confluence.view.media import short_date
from pmsync.sandbox.confluence.view.scene import Scene, scene

_DRAWERS = {**elements.DRAWERS, **links.DRAWERS, **media.DRAWERS, **macros.DRAWERS}
_MACROS = {**macros.MACROS, **reports.MACROS}
_WIDTHS = frozenset({"full-width", "max"})
_SIZES = ((1024 * 1024, "MB"), (1024, "kB"))
_STATES = {
    "archived": "This page is archived. Readers find it only if they look for it.",
    "trashed": "This page is in the trash.",
}


def page_document(site: Site, page: Page) -> bytes:
    """A page with all that a reader sees around it, as an HTML document.

    Args:
        site: Where it stands.
        page: One that readers may see.
    """
    shown = scene(site, page, _DRAWERS, _MACROS)
    body, main = _frame(site, site.spaces[page.space_id], page, page.title)
    if page.status in _STATES:
        add(main, "div", _STATES[page.status], class_="banner")
    width = _appearance(page)
    article = add(main, "article", class_=f"page page-{width}")
    _crumbs(site, page, article)
    add(article, "h1", page.title, class_="title")
    _byline(site, page, article)
    shown.inside(shown.root, add(article, "div", class_="content"))
    _labels(page, article)
    _attachments(shown, article)
    _comments(shown, article)
    return _bytes(body)


def space_document(site: Site, space: Space) -> bytes:
    """A space's overview: its home page."""
    return page_document(site, site.pages[space.homepage_id])


def missing_document(site: Site) -> bytes:
    """What a reader sees where there is no page, or none for him."""
    space = next(iter(site.spaces.values()))
    body, main = _frame(site, space, None, "Page not found")
    article = add(main, "article", class_="page page-default")
    add(article, "h1", "We can't find that page", class_="title")
    add(article, "p", "It may have been deleted or renamed, or you may not be allowed to see it.")
    return _bytes(body)


def _frame(site: Site, space: Space, page: Page | None, title: str) -> tuple[_Element, _Element]:
    html = etree.Element("html", lang="en")
    head = add(html, "head")
    add(head, "meta", charset="utf-8")
    add(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    add(head, "title", f"{title} - {space.name} - Confluence")
    add(head, "style", files(__package__).joinpath("reader.css").read_text("utf-8"))
    body = add(html, "body")
    _bar(site, body)
    columns = add(body, "div", class_="columns-page")
    _side(site, space, page, add(columns, "nav", class_="side"))
    return html, add(columns, "main", class_="main")


def _bar(site: Site, body: _Element) -> None:
    bar = add(body, "header", class_="bar")
    name = add(bar, "div", class_="bar-name")
    add(name, "span", class_="bar-logo")
    add(name, "span", "Confluence")
    add(bar, "div", "Search", class_="bar-search")
    me = site.people[site.account]
    add(bar, "span", _initials(me.name), class_="avatar", title=me.name)


def _side(site: Site, space: Space, page: Page | None, out: _Element) -> None:
    head = add(out, "a", class_="side-space", href=f"/wiki/spaces/{space.key}")
    add(head, "span", space.name[:1], class_="side-icon")
    add(head, "span", space.name)
    add(out, "div", "Content", class_="side-title")
    here = page.id if page is not None else 0
    opened = {space.homepage_id, here, *(_above(site, page) if page is not None else ())}
    _branch(
        site, site.children(None, space_id=space.id), here, opened, add(out, "ul", class_="tree")
    )


def _branch(site: Site, pages: list[Page], here: int, opened: set[int], out: _Element) -> None:
    for entry in pages:
        item = add(out, "li")
        below = site.children(entry.id)
        address = f"/wiki/spaces/{site.spaces[entry.space_id].key}/pages/{entry.id}"
        link = add(item, "a", href=address, class_="here" if entry.id == here else None)
        unfolded = bool(below) and entry.id in opened
        twig = "twig-open" if unfolded else "twig-shut" if below else "twig-end"
        add(link, "span", class_=f"twig {twig}")
        add(link, "span", entry.title, class_="tree-name")
        if unfolded:
            _branch(site, below, here, opened, add(item, "ul"))


def _above(site: Site, page: Page) -> list[int]:
    """The pages above one, from the top down."""
    above: list[int] = []
    step = page
    while step.parent_id is not None:
        above.insert(0, step.parent_id)
        step = site.pages[step.parent_id]
    return above


def _crumbs(site: Site, page: Page, out: _Element) -> None:
    crumbs = add(out, "nav", class_="crumbs")
    space = site.spaces[page.space_id]
    add(crumbs, "a", space.name, href=f"/wiki/spaces/{space.key}")
    for number in _above(site, page):
        if number != space.homepage_id:
            add(crumbs, "span", "/", class_="crumb-border")
            title, address = site.pages[number].title, f"/wiki/spaces/{space.key}/pages/{number}"
            add(crumbs, "a", title, href=address)


def _byline(site: Site, page: Page, out: _Element) -> None:
    line = add(out, "div", class_="byline")
    owner, editor = _name(site, page.owner), _name(site, page.revision.author)
    add(line, "span", _initials(owner), class_="avatar avatar-owner")
    text = add(line, "div", class_="byline-text")
    add(text, "span", f"Owned by {owner}")
    when = short_date(date.fromisoformat(page.revision.at[:10]))
    add(text, "span", f"Last updated: {when} by {editor}")
    version = add(text, "span", f"Version {page.revision.number}")
    if page.revision.message:
        version.set("title", page.revision.message)


def _labels(page: Page, out: _Element) -> None:
    if page.labels:
        drawn = add(out, "div", class_="labels")
        for label in page.labels:
            add(drawn, "span", label.name, class_="label")


def _attachments(shown: Scene, out: _Element) -> None:
    found = shown.site.files_on(shown.page)
    if not found:
        return
    drawn = add(out, "details", class_="below", open="open")
    add(drawn, "summary", f"Attachments ({len(found)})")
    table = add(add(drawn, "table", class_="files"), "tbody")
    for file in found:
        row = add(table, "tr")
        address = links.file_address(shown.page, file.title)
        add(add(row, "td"), "a", file.title, href=address)
        add(row, "td", _size(len(file.upload.content)))
        add(row, "td", f"version {len(file.uploads)}")
        add(row, "td", file.upload.revision.message)


def _comments(shown: Scene, out: _Element) -> None:
    threads = [c for c in shown.site.comments_on(shown.page) if c.parent_id is None]
    if not threads:
        return
    drawn = add(out, "section", class_="below")
    add(drawn, "h2", f"Inline comments ({len(threads)})")
    for thread in threads:
        holder = add(drawn, "div", class_="thread")
        state = shown.site.resolution(thread)
        quoted = add(holder, "div", class_="quoted")
        add(quoted, "q", thread.selection)
        if state != "open":
            add(quoted, "span", state, class_="lozenge lozenge-grey")
        _comment(shown, thread, holder)
        for answer in shown.site.comments_on(shown.page):
            if answer.parent_id == thread.id:
                _comment(shown, answer, holder)


def _comment(shown: Scene, comment: Comment, out: _Element) -> None:
    line = add(out, "div", class_="comment")
    name = _name(shown.site, comment.revision.author)
    add(line, "span", _initials(name), class_="avatar")
    text = add(line, "div")
    add(text, "strong", name)
    shown.inside(storage.parse(comment.text), add(text, "div", class_="comment-text"))


def _appearance(page: Page) -> str:
    for entry in page.properties.values():
        if entry.key == "content-appearance-published" and entry.value in _WIDTHS:
            return str(entry.value)
    return "default"


def _name(site: Site, account: str) -> str:
    person = site.people.get(account)
    return person.name if person else "Former user"


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper() or "?"


def _size(length: int) -> str:
    for unit, name in _SIZES:
        if length >= unit:
            return f"{length / unit:.1f} {name}"
    return f"{length} bytes"


def _bytes(html: _Element) -> bytes:
    return etree.tostring(html, method="html", doctype="<!DOCTYPE html>", encoding="utf-8")
