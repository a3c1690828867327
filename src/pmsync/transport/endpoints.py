"""Every call that pmsync may make on a Cloud site, written from Atlassian's own documents.

What is not in the table is treated as a write and refused, so that nothing is ever sent whose
consequences nobody looked up. Paths are relative to the product's base address
(``https://acme.atlassian.net`` for Jira, ``https://acme.atlassian.net/wiki`` for Confluence).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

Product = Literal["jira", "confluence"]

_V3 = "jira-platform-v3.json"
_AGILE = "jira-agile.json"
_WIKI2 = "confluence-v2.json"
_WIKI1 = "confluence-v1.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One operation.

    Attributes:
        name: For people, records and rate budgets.
        path: Template below the product's base address.
        writes: False for reads, also for those that are sent as POST.
        limit: Most items a page or a call, as the document says; None where nothing is listed.
        document: The official document that describes it.
    """

    name: str
    product: Product
    method: str
    path: str
    writes: bool
    document: str
    limit: int | None = None


def _jira(
    name: str,
    method: str,
    path: str,
    document: str = _V3,
    *,
    writes: bool | None = None,
    limit: int | None = None,
) -> Endpoint:
    return Endpoint(
        name=name,
        product="jira",
        method=method,
        path=path,
        document=document,
        writes=method != "GET" if writes is None else writes,
        limit=limit,
    )


def _wiki(
    name: str, method: str, path: str, document: str = _WIKI2, *, limit: int | None = None
) -> Endpoint:
    return Endpoint(
        name=name,
        product="confluence",
        method=method,
        path=path,
        document=document,
        writes=method != "GET",
        limit=limit,
    )


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    _jira("site", "GET", "/rest/api/3/serverInfo"),
    _jira("account", "GET", "/rest/api/3/myself"),
    _jira("permissions", "GET", "/rest/api/3/mypermissions"),
    _jira("fields", "GET", "/rest/api/3/field"),
    _jira("issue types", "GET", "/rest/api/3/issuetype"),
    _jira("link types", "GET", "/rest/api/3/issueLinkType"),
    _jira("projects", "GET", "/rest/api/3/project/search", limit=100),
    _jira("security levels", "GET", "/rest/api/3/project/{projectKeyOrId}/securitylevel"),
    _jira("versions", "GET", "/rest/api/3/project/{projectIdOrKey}/version", limit=50),
    _jira("search", "POST", "/rest/api/3/search/jql", writes=False, limit=5000),
    _jira("count", "POST", "/rest/api/3/search/approximate-count", writes=False),
    _jira("parse jql", "POST", "/rest/api/3/jql/parse", writes=False),
    _jira("bulk fetch", "POST", "/rest/api/3/issue/bulkfetch", writes=False, limit=100),
    _jira("changelogs", "POST", "/rest/api/3/changelog/bulkfetch", writes=False, limit=1000),
    _jira("issue", "GET", "/rest/api/3/issue/{issueIdOrKey}"),
    _jira("edit issue", "PUT", "/rest/api/3/issue/{issueIdOrKey}"),
    _jira("rank", "PUT", "/rest/agile/1.0/issue/rank", _AGILE, limit=50),
    _wiki("spaces", "GET", "/api/v2/spaces", limit=250),
    _wiki("pages", "GET", "/api/v2/pages", limit=250),
    _wiki("page", "GET", "/api/v2/pages/{id}"),
    _wiki("create page", "POST", "/api/v2/pages"),
    _wiki("update page", "PUT", "/api/v2/pages/{id}"),
    _wiki("children", "GET", "/api/v2/pages/{id}/direct-children", limit=250),
    _wiki("page versions", "GET", "/api/v2/pages/{id}/versions", limit=250),
    _wiki("properties", "GET", "/api/v2/pages/{page-id}/properties", limit=250),
    _wiki("property", "GET", "/api/v2/pages/{page-id}/properties/{property-id}"),
    _wiki("create property", "POST", "/api/v2/pages/{page-id}/properties"),
    _wiki("update property", "PUT", "/api/v2/pages/{page-id}/properties/{property-id}"),
    _wiki("labels", "GET", "/api/v2/pages/{id}/labels", limit=250),
    _wiki("inline comments", "GET", "/api/v2/pages/{id}/inline-comments", limit=250),
    _wiki("footer comments", "GET", "/api/v2/pages/{id}/footer-comments", limit=250),
    _wiki("attachments", "GET", "/api/v2/pages/{id}/attachments", limit=250),
    _wiki("add labels", "POST", "/rest/api/content/{id}/label", _WIKI1),
    _wiki("attach", "PUT", "/rest/api/content/{id}/child/attachment", _WIKI1),
    _wiki("wiki account", "GET", "/rest/api/user/current", _WIKI1),
    _wiki("wiki search", "GET", "/rest/api/search", _WIKI1, limit=250),
)
"""The whole table; tests hold every row against its document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An endpoint with the values of its path's placeholders."""

    endpoint: Endpoint
    values: dict[str, str]


def find(product: Product, method: str, path: str) -> Match | None:
    """Return the endpoint of a request, or None if the table does not know it.

    Args:
        product: Whose table.
        method: In capitals.
        path: Below the product's base address, starting with a slash, without query.
    """
    for pattern, names, endpoint in _patterns(product, method):
        if found := pattern.fullmatch(path):
            return Match(endpoint=endpoint, values=dict(zip(names, found.groups(), strict=True)))
    return None


@cache
def _patterns(
    product: Product, method: str
) -> tuple[tuple[re.Pattern[str], tuple[str, ...], Endpoint], ...]:
    mine = (e for e in ENDPOINTS if e.product == product and e.method == method)
    return tuple(
        (re.compile(_pattern(e.path)), tuple(re.findall(r"\{([^}]+)\}", e.path)), e)
        for e in _literal_first(mine)
    )


def _literal_first(endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    return sorted(endpoints, key=lambda endpoint: endpoint.path.count("{"))


def _pattern(path: str) -> str:
    # A segment of dots only would let a client library walk out of the path.
    return "(?!\\.+(?:/|$))([^/]+)".join(re.escape(part) for part in re.split(r"\{[^}]+\}", path))
