"""What is wrong with a JQL text that Jira need not be asked about."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<open>["'])|(?P<paren>[()])"""
    r"""|(?P<order>\border\s+by\b)|.""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


def jql_faults(jql: str) -> Iterator[tuple[str, str]]:
    """Yield each fault of *jql* with its cure.

    Example:
        >>> [fault for fault, _ in jql_faults('labels = "order by" ORDER BY Rank')]
        ['ORDER BY does not belong into this JQL']
        >>> list(jql_faults("project in (SHOP, WEB)"))
        []
    """
    if not jql.strip():
        yield "this JQL is empty, and would mean every issue of the site", "write a JQL"
        return
    depth = 0
    for token in _TOKEN.finditer(jql):
        if token["open"]:
            at = token.start() + 1
            yield f"the quote at character {at} of this JQL is never closed", "close the quote"
            return
        if token["order"]:
            cure = "remove it; pmsync asks in rank order"
            yield "ORDER BY does not belong into this JQL", cure
        if token["paren"]:
            depth += 1 if token["paren"] == "(" else -1
        if depth < 0:
            at = token.start() + 1
            yield f"the parenthesis at character {at} of this JQL closes nothing", "remove it"
            return
    if depth:
        yield "a parenthesis of this JQL is never closed", "add a closing )"
