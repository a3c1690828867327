"""What Cloud refuses in a well-formed body.

Two refusals are stricter than what was seen of Cloud, because a publisher must not lean on them:
an unknown macro (Cloud may keep it and show readers an error box; Data Center answered "The macro
'html' is unknown") and ``ac:breakout-mode`` on code and expand (seen dropped or rewritten).
"""

from collections.abc import Callable

from lxml.etree import _Element

from pmsync.sandbox.confluence.storage.elements import (
    BLOCK,
    CHILDREN,
    KNOWN,
    LAYOUTS,
    PARENTS,
    PHRASING_ONLY,
)
from pmsync.sandbox.confluence.storage.macros import MACROS
from pmsync.sandbox.confluence.storage.names import ac, macro_name, name_of, prefixed
from pmsync.sandbox.confluence.storage.parsing import StorageError

_NOT_CONVERTIBLE = "Content body cannot be converted to new editor format"
_BODIES = {"ac:rich-text-body": "rich", "ac:plain-text-body": "plain"}
_TASK_STATES = frozenset({"incomplete", "complete"})


def check(root: _Element) -> None:
    """Refuse what Confluence Cloud would not save.

    Raises:
        StorageError: The first fault in document order; its text is the answer's title.
    """
    for element in root.iterdescendants():
        name = name_of(element)
        if name not in KNOWN:
            message = f"Error parsing xhtml: The element type '{name}' is not allowed"
            raise StorageError(message)
        _check_attributes(element, name)
        _check_place(element, name)
        own = _OWN_CHECKS.get(name)
        if own is not None:
            own(element)


def _check_attributes(element: _Element, name: str) -> None:
    for raw in element.attrib:
        attribute = prefixed(str(raw))
        if attribute.startswith("on") or attribute in {"srcdoc", "formaction"}:
            message = f"Error parsing xhtml: The attribute '{attribute}' is not allowed on '{name}'"
            raise StorageError(message)


def _check_place(element: _Element, name: str) -> None:
    parent = element.getparent()
    above = name_of(parent) if parent is not None else ""
    allowed = PARENTS.get(name)
    if allowed is not None and above not in allowed:
        message = f"{_NOT_CONVERTIBLE}: '{name}' in '{above}'"
        raise StorageError(message)
    only = CHILDREN.get(name)
    if only is not None:
        _check_children(element, name, only)
    if name in PHRASING_ONLY:
        inner = next((name_of(child) for child in element if name_of(child) in BLOCK), None)
        if inner is not None:
            message = f"{_NOT_CONVERTIBLE}: '{inner}' in '{name}'"
            raise StorageError(message)


def _check_children(element: _Element, name: str, only: frozenset[str]) -> None:
    stray = next((name_of(child) for child in element if name_of(child) not in only), None)
    if stray is not None:
        message = f"{_NOT_CONVERTIBLE}: '{stray}' in '{name}'"
        raise StorageError(message)
    texts = [element.text, *(child.tail for child in element)]
    if any(text and text.strip() for text in texts):
        message = f"{_NOT_CONVERTIBLE}: text in '{name}'"
        raise StorageError(message)


def _check_macro(element: _Element) -> None:
    name = macro_name(element)
    kind = MACROS.get(name)
    if kind is None:
        message = f"Error parsing xhtml: The macro '{name}' is unknown"
        raise StorageError(message)
    if element.get(ac("breakout-mode")) is not None:
        message = f"{_NOT_CONVERTIBLE}: breakout mode on macro '{name}'"
        raise StorageError(message)
    for child in element:
        body = _BODIES.get(name_of(child))
        if body is not None and body != kind.body:
            message = f"{_NOT_CONVERTIBLE}: macro '{name}' takes no {body} text body"
            raise StorageError(message)


def _check_layout(element: _Element) -> None:
    kind = element.get(ac("type"))
    if kind not in LAYOUTS:
        message = f"{_NOT_CONVERTIBLE}: layout section of type '{kind}'"
        raise StorageError(message)


def _check_task(element: _Element) -> None:
    state = next((child for child in element if name_of(child) == "ac:task-status"), None)
    if state is None or (state.text or "").strip() not in _TASK_STATES:
        message = f"{_NOT_CONVERTIBLE}: task without a status"
        raise StorageError(message)


_OWN_CHECKS: dict[str, Callable[[_Element], None]] = {
    "ac:structured-macro": _check_macro,
    "ac:layout-section": _check_layout,
    "ac:task": _check_task,
}
