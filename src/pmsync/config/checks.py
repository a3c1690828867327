"""What the rules of a product must fulfil beyond the type of each value.

The checks read the tree, not the finished rules, so that one fault does not hide the others.
"""

import re
from collections.abc import Iterator, Mapping

from pmsync.config.jql import jql_faults
from pmsync.config.nodes import Node
from pmsync.config.tree import shown
from pmsync.config.wording import did_you_mean
from pmsync.config.zones import zone_fault
from pmsync.core.errors import Problem
from pmsync.core.queries import BUILT_IN_STAYS

_PROJECT_KEY = re.compile(r"[A-Z][A-Z0-9_]*")
_SPACE_KEY = re.compile(r"~?[A-Za-z0-9._:-]+")
_WORD = re.compile(r"\w+")


def check_rules(root: Node, sites: Mapping[str, bool] | None) -> Iterator[Problem]:
    """Yield every fault of one product apart from its inputs, scores and order.

    Args:
        root: The product's tree, short forms written out.
        sites: ``{site: whether it has a Confluence}``; only these may be named. None: any.
    """
    yield from _site(root, sites)
    yield from _texts(root)
    yield from _queries(root)
    yield from _shares(root)
    yield from _never_move(root)
    yield from _pages(root)
    yield from _release_notes(root)
    yield from _locale(root)


def _site(root: Node, sites: Mapping[str, bool] | None) -> Iterator[Problem]:
    site = root.get("site")
    if sites is None or site is None or not isinstance(site.value, str):
        return
    if site.value not in sites:
        cure = did_you_mean(site.value, sites) or "declare it under sites: in pmsync.yaml"
        yield site.place.problem(f"there is no site {shown(site.value)}", cure)
    elif not sites[site.value] and (pages := root.get("pages")):
        fault = f"pages need a wiki, and the site {shown(site.value)} has no confluence"
        yield pages.at.problem(fault, "give the site its confluence address")


def _texts(root: Node) -> Iterator[Problem]:
    for key in ("name",):
        node = root.get(key)
        if node and isinstance(node.value, str) and not node.value.strip():
            yield node.place.problem(f"the {key} is empty")


def _queries(root: Node) -> Iterator[Problem]:
    places = [root.get("scope"), root.get("rank", "only")]
    places += [page.get("now") for page in _rows(root, "pages", "kinds")]
    places += [notes.get("only") for notes in _rows(root, "release_notes")]
    for node in places:
        if node and isinstance(node.value, str):
            for fault, cure in jql_faults(node.value):
                yield node.place.problem(fault, cure)


def _never_move(root: Node) -> Iterator[Problem]:
    for node in _rows(root, "rank", "never_move"):
        if not isinstance(node.value, str) or node.value in BUILT_IN_STAYS:
            continue
        if _WORD.fullmatch(node.value):
            cure = did_you_mean(node.value, BUILT_IN_STAYS)
            yield node.place.problem(f"{shown(node.value)} is neither a known word nor JQL", cure)
        else:
            for fault, cure in jql_faults(node.value):
                yield node.place.problem(fault, cure)


def _shares(root: Node) -> Iterator[Problem]:
    for route in (
        ("brakes", "share"),
        ("brakes", "shrink"),
        ("brakes", "lost"),
        ("rank", "least_scored"),
    ):
        node = root.get(*route)
        value = _number(node)
        if node and value is not None and not 0 <= value <= 1:
            fault = f"{route[-1]} is {node.text}, and a share lies from 0 to 1"
            yield node.place.problem(fault, "write 0.3 for 30 %")
    yield from _least(root.get("brakes", "at_least"), 0)


def _least(node: Node | None, least: int) -> Iterator[Problem]:
    value = _number(node)
    if node and value is not None and value < least:
        yield node.place.problem(f"expected at least {least}, found {node.text}")


def _pages(root: Node) -> Iterator[Problem]:
    pages = root.get("pages")
    if pages is None:
        return
    yield from _page_place(pages)
    yield from _twice(_rows(pages, "kinds"), "kind", "the page")
    for page in _rows(pages, "kinds"):
        yield from _least(page.get("top"), 1)
        yield from _least(page.get("next"), 1)
        yield from _least(page.get("later"), 0)
    projects = pages.get("readers", "projects")
    if projects and projects.value == []:
        fault = "without a project that the readers may see, no issue can be shown"
        yield projects.at.problem(fault, "list the project keys: [SHOP]")
    for project in _rows(pages, "readers", "projects"):
        if isinstance(project.value, str) and not _PROJECT_KEY.fullmatch(project.value):
            cure = f"write {project.value.upper()}" if project.value.isalnum() else ""
            yield project.place.problem(f"{shown(project.value)} is not a project key", cure)
    for label in _rows(pages, "labels"):
        if isinstance(label.value, str) and not re.fullmatch(r"\S{1,255}", label.value):
            fault = f"{shown(label.value)} is not a label: no spaces, 255 characters at most"
            yield label.place.problem(fault)


def _page_place(block: Node) -> Iterator[Problem]:
    under = block.get("under")
    if under and isinstance(under.value, str) and not re.fullmatch(r"[0-9]+", under.value):
        cure = "open the parent page; its address holds the number, as in /pages/123456/"
        yield under.place.problem(f"{shown(under.value)} is not a page id", cure)
    space = block.get("space")
    if space and isinstance(space.value, str) and not _SPACE_KEY.fullmatch(space.value):
        cure = "its address holds the key, as in /spaces/PROD/"
        yield space.place.problem(f"{shown(space.value)} is not a space key", cure)


def _release_notes(root: Node) -> Iterator[Problem]:
    rows = _rows(root, "release_notes")
    yield from _twice(rows, "audience", "release notes for")
    if rows and root.get("pages") is None:
        fault = "release notes need pages: with a space and its readers"
        yield root.items()["release_notes"].at.problem(fault)
    for notes in rows:
        yield from _page_place(notes)
        if notes.get("space") and not notes.get("under"):
            fault = "a space of its own needs a parent page in that space"
            yield notes.items()["space"].at.problem(fault, "add under: with the page's id")
        if notes.get("space") and not notes.get("readers"):
            fault = "a space of its own has readers of its own"
            cure = "add readers: {projects: [KEY]}, what everybody who can read that space may see"
            yield notes.place.problem(fault, cure)
        audience = notes.get("audience")
        if audience and isinstance(audience.value, str) and not audience.value.strip():
            yield audience.place.problem("the audience is empty", "write such as for: customers")


def _locale(root: Node) -> Iterator[Problem]:
    zone = root.get("time_zone")
    unknown = zone_fault(zone.value) if zone and isinstance(zone.value, str) else None
    if zone and unknown:
        yield zone.place.problem(*unknown)
    language = root.get("language")
    if language and isinstance(language.value, str) and not _is_locale(language.value):
        fault = f"{shown(language.value)} is not a language"
        yield language.place.problem(fault, "write such as en, de or pt_BR")


def _is_locale(name: str) -> bool:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - 30 ms that few commands need

    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError, TypeError):
        return False
    return True


def _twice(rows: list[Node], key: str, called: str) -> Iterator[Problem]:
    seen: dict[object, Node] = {}
    for row in rows:
        node = row.get(key)
        if node is None or not isinstance(node.value, str):
            continue
        first = seen.setdefault(node.value, node)
        if first is not node:
            fault = f"{called} {node.value} is here twice, first in line {first.at.line}"
            yield node.place.problem(fault, "keep one of them")


def _rows(node: Node, *route: str) -> list[Node]:
    found = node.get(*route)
    return found.rows() if found else []


def _number(node: Node | None) -> float | None:
    is_number = node and isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return float(str(node.value)) if node and is_number else None
