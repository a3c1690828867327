"""Descriptions in wiki markup, as the company's people write them."""

from random import Random

from pmsync.sandbox.product.catalog import Epic, Item

# Component: (where it is seen, what has to hold when the work is done)
_PLACES = {
    "Cart": ("the cart with three articles and a voucher", (
        "totals are the same in cart, checkout and e-mail",
        "the cart stays usable while prices are recalculated",
        "an empty cart shows the articles seen last")),
    "Payments": ("the payment step with the test card {{4000 0027 6000 3184}}", (
        "no card number is written to a log",
        "a second tap on *Pay* does not charge twice",
        "refusals are counted by reason in the payment dashboard")),
    "Delivery": ("the delivery step with an address in Graz", (
        "the warehouse gets the same date as the shopper",
        "public holidays of DE, AT, NL and BE are respected",
        "the carrier's time-out of 3 s falls back to the standard date")),
    "Orders": ("an order of two parcels in _My orders_", (
        "support sees the change in the order's history",
        "the e-mail goes out in the language of the order",
        "the export for accounting stays unchanged")),
    "Accounts": ("the account page, signed in with two devices", (
        "nothing is shown to somebody who only knows the e-mail address",
        "data is deleted with the account",
        "works without cookies of third parties")),
    "Compliance": ("an order to Oslo with three customs codes", (
        "legal has approved the wording",
        "the documents are kept for ten years",
        "amounts are rounded as the tax office asks")),
    "Search": ("the search field, typing {{kettel}}", (
        "answers in less than 200 ms for nine of ten searches",
        "products that are sold out come last",
        "works in German, Dutch, French and English")),
    "Product page": ("a product with six variants and no video", (
        "the page stays below 2 s on a mid-range phone",
        "search engines see the same content",
        "screen readers announce the change")),
    "Home page": ("the home page on a screen of 360 px", (
        "nothing moves after it has been drawn",
        "editors can switch it off without a release",
        "contrast is at least 4.5 : 1")),
    "Stores": ("the page of the shop in Utrecht", (
        "special opening hours win over the usual ones",
        "distances are right within 200 m",
        "shops that are being rebuilt are left out")),
    "Content": ("a page with texts in four languages", (
        "a missing translation shows English, never a key",
        "editors see a preview",
        "links between languages are set for search engines")),
    "Consent": ("the first visit in a private window", (
        "nothing is measured before consent",
        "refusing takes as many clicks as accepting",
        "the choice is kept for twelve months")),
}  # fmt: skip


_MEASURES = {
    "Cart": ("carts that become orders", 31, "%"),
    "Payments": ("payments that succeed", 88, "%"),
    "Delivery": ("parcels handed over at the first try", 79, "%"),
    "Orders": ("orders without a question to support", 84, "%"),
    "Accounts": ("shoppers who order again within 90 days", 22, "%"),
    "Compliance": ("parcels accepted at the door", 77, "%"),
    "Search": ("searches that lead to a product page", 58, "%"),
    "Product page": ("product pages that lead to the cart", 9, "%"),
    "Home page": ("visits that see a second page", 46, "%"),
    "Stores": ("visits to a shop's page that end in the shop", 13, "%"),
    "Content": ("guides read to the end", 27, "%"),
    "Consent": ("visits with a recorded choice", 71, "%"),
}


def of_epic(epic: Epic, rng: Random) -> str:
    """Why, how it is measured, what has to hold, what is left out."""
    _, rules = _PLACES[epic.component]
    out = rng.choice(("the app", "orders by telephone", "the outlet shop", "marketplaces"))
    name, today, unit = _MEASURES[epic.component]
    return (
        f"h3. Why\n{epic.why}\n\n"
        f"h3. How we will know\n||Measure||Today||Goal||\n"
        f"|{name}|{today} {unit}|{today + rng.randrange(2, 7)} {unit}|\n\n"
        f"h3. Has to hold\n{_bullets(rules)}\n\n"
        f"{{panel:title=Not now}}\nLeft out for the time being: {out}.\n{{panel}}\n"
    )


def of_item(item: Item, component: str, epic: Epic | None, rng: Random) -> str:
    """A story's frame, a bug's way to see it or a task's end."""
    place, rules = _PLACES[component]
    if item.kind == "Bug":
        return (
            f"*What happens*: {_escaped(item.summary)}.\n\n*How to see it*\n# Open {place}\n"
            f"# Reload once: the first try often goes well\n\n"
            f"Reported {rng.randrange(2, 60)} times in 30 days, "
            f"first in {{{{build {rng.randrange(1200, 1900)}}}}}.\n"
        )
    frame = ""
    if epic:
        frame = f"Part of _{_escaped(epic.name)}_: {epic.why.split('. ')[0].rstrip('.')}.\n\n"
    heading = "Done when" if item.kind == "Task" else "Acceptance"
    return f"{frame}*{heading}*\n{_bullets(rng.sample(rules, 2))}\n\nSeen on: {place}.\n"


SUBTASKS = {
    "Story": ("States and empty cases designed", "Front end", "Back end and events",
              "Texts in German, Dutch and French", "End-to-end test", "Switch and roll-out"),
    "Bug": ("Reproduce in a test", "Fix and back-port"),
    "Task": ("Agree with the platform team", "Write it down in the handbook"),
}  # fmt: skip


def _bullets(lines: tuple[str, ...] | list[str]) -> str:
    return "\n".join(f"* {line}" for line in lines)


def _escaped(text: str) -> str:
    for sign in "{[*":
        text = text.replace(sign, f"\\{sign}")
    return text
