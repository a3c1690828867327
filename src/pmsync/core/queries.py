"""Every JQL of a product's rules, by the name its set of issues has in the snapshot."""

from pmsync.core.rules import Product, RoadmapPage

RANKED = "rank:only"
OPEN_SPRINT = "open_sprint"
BUILT_IN_STAYS = ("in_progress", "child_in_open_sprint")


def never_move_name(position: int) -> str:
    """Return the set's name of the *position*-th ``never_move`` entry (0-based)."""
    return f"never_move:{position}"


def roadmap_now_name() -> str:
    """Return the set's name of the roadmap's ``now``."""
    return "page:roadmap:now"


def notes_only_name(audience: str) -> str:
    """Return the set's name of the release notes' ``only`` for *audience*."""
    return f"notes:{audience}:only"


def queries(product: Product) -> dict[str, str]:
    """Return ``{set name: JQL}`` for all that *product* asks besides its scope."""
    found: dict[str, str] = {}
    if product.rank:
        if product.rank.only:
            found[RANKED] = product.rank.only
        for position, entry in enumerate(product.rank.never_move):
            if entry == "child_in_open_sprint":
                found[OPEN_SPRINT] = "sprint in openSprints()"
            elif entry not in BUILT_IN_STAYS:
                found[never_move_name(position)] = entry
    for page in product.pages.kinds if product.pages else ():
        if isinstance(page, RoadmapPage) and page.now:
            found[roadmap_now_name()] = page.now
    for notes in product.release_notes:
        if notes.only:
            found[notes_only_name(notes.audience)] = notes.only
    return found


def within(scope: str, jql: str = "", *, order: str = "Rank ASC") -> str:
    """Return a whole query: *jql* inside *scope*, in the given order.

    Example:
        >>> within("project = SHOP OR labels = shop", "level is EMPTY")
        '(project = SHOP OR labels = shop) AND (level is EMPTY) ORDER BY Rank ASC'
    """
    narrowed = f"({scope}) AND ({jql})" if jql else f"({scope})"
    return f"{narrowed} ORDER BY {order}"


def field_names(product: Product) -> dict[str, str]:
    """Return ``{name in the snapshot: field as configured}`` for every field the rules read."""
    found = {name: rule.field for name, rule in product.inputs.items()}
    for page in product.pages.kinds if product.pages else ():
        if isinstance(page, RoadmapPage) and page.outcome:
            found["page:outcome"] = page.outcome
    for notes in product.release_notes:
        if notes.text:
            found[f"notes:{notes.audience}:text"] = notes.text
    return found
