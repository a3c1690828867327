"""Checks requests and responses against Atlassian's official API documents.

The documents lie beside the repository (``../shared/specs``) and are never copied into it: a test
that needs them takes the fixture ``specs``, which skips where they are absent.

openapi-core accepts undeclared query parameters, and some limits stand in the documents' prose
only; both are checked here.
"""

import json
import re
import warnings
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest
from openapi_core.exceptions import OpenAPIError
from requests import PreparedRequest, Request

SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"
ABSENT = "the official API documents (../shared/specs) are not beside the repository"

# Answers seen from the real products that the documents leave out: (method, the document's path
# template, status) -> why it is right all the same.
UNDOCUMENTED: dict[tuple[str, str, int], str] = {
    ("GET", "/rest/api/3/search", 410): "removed from Cloud (CHANGE-2046); users report 410",
    ("POST", "/rest/api/3/search", 410): "removed from Cloud (CHANGE-2046); users report 410",
    ("PUT", "/pages/{id}", 409): "a wrong version number; v1 documented 409 and Cloud sends it",
}

# Longest prefix first; the third part is what the document's own paths leave out.
_DOCUMENTS = (
    ("/wiki/api/v2", "confluence-v2.json", "/wiki/api/v2"),
    ("/wiki/rest/api", "confluence-v1.json", ""),
    ("/rest/agile/1.0", "jira-agile.json", ""),
    ("/rest/software/1.0", "jira-agile.json", ""),
    ("/rest/api/3", "jira-platform-v3.json", ""),
)
# Jira writes offsets without a colon, and so do the documents' own examples.
_JIRA_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)")

_GATEWAY = re.compile(r"^/ex/(?:jira|confluence)/[^/]+")  # scoped tokens go through a gateway host
_ORIGIN = "http://site.test"

# Limits that the documents state in prose only: (document, schema, property, most items).
_PROSE_LIMITS = (
    ("jira-platform-v3.json", "BulkFetchIssueRequestBean", "issueIdsOrKeys", 100),
    ("jira-platform-v3.json", "SearchAndReconcileRequestBean", "reconcileIssues", 50),
    ("jira-platform-v3.json", "SearchAndReconcileRequestBean", "properties", 5),
)

# Properties that are null in real answers though the documents do not say so: an emptied field's
# history, as every real changelog has it.
_NULLABLE = (("jira-platform-v3.json", "ChangeDetails", ("from", "fromString", "to", "toString")),)


def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or _JIRA_MOMENT.fullmatch(value) is not None


_CONFIG = Config(spec_validator_cls=None, extra_format_validators={"date-time": _is_moment})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    api: OpenAPI
    raw: dict[str, Any]
    base: str
    templates: tuple[tuple[re.Pattern[str], str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operation:
    document: _Document
    template: str
    item: dict[str, Any]
    raw: dict[str, Any]
    url: str


@dataclass(slots=True, kw_only=True)
class _Response:
    """What openapi-core asks of a response."""

    data: bytes | None
    status_code: int
    content_type: str
    headers: dict[str, Any] = field(default_factory=dict)


def available() -> bool:
    """Whether the official documents lie beside the repository."""
    return SPECS.is_dir()


def request_errors(request: PreparedRequest) -> list[str]:
    """Everything in a request that the official documents do not allow.

    Args:
        request: What is about to be sent; its host does not matter.

    Returns:
        One sentence a fault; empty if the request is right. A path that no document knows is a
        fault too.
    """
    found = _operation(request.method or "", request.url or "")
    if isinstance(found, str):
        return [found]
    moved = request.copy()
    moved.url = found.url
    faults = _undeclared_parameters(found)
    try:
        with warnings.catch_warnings(action="ignore"):
            found.document.api.validate_request(RequestsOpenAPIRequest(moved))
    except OpenAPIError as error:
        faults += _sentences(error)
    return [f"{request.method} {found.template}: {fault}" for fault in faults]


def response_errors(
    method: str,
    path: str,
    status: int,
    body: object,
    *,
    content_type: str = "application/json",
) -> list[str]:
    """Everything in a response that the official documents do not allow.

    Args:
        method: The request's method.
        path: The request's path from the site's root, or its URL.
        status: The answer's status.
        body: Raw bytes, text, or the decoded JSON; None for no body.
        content_type: The answer's media type; looked at only where the document gives a schema.

    Returns:
        One sentence a fault; empty if the response is right. A status that the document does not
        list is a fault unless ``UNDOCUMENTED`` names it.
    """
    found = _operation(method, path)
    if isinstance(found, str):
        return [found]
    where = f"{method} {found.template} {status}"
    if (method.upper(), found.template, status) in UNDOCUMENTED:
        return []
    described = found.raw["responses"].get(str(status), found.raw["responses"].get("default"))
    if described is None:
        return [f"{where}: the status is not in the document"]
    if not _has_schema(described) or (status == HTTPStatus.NO_CONTENT and body is None):
        return []  # some documents give a 204 an empty schema
    answer = _Response(data=_bytes(body), status_code=status, content_type=content_type)
    return [f"{where}: {fault}" for fault in _schema_faults(found, method, answer)]


def _has_schema(described: dict[str, Any]) -> bool:
    return any("schema" in media for media in described.get("content", {}).values())


def _schema_faults(found: _Operation, method: str, answer: _Response) -> list[str]:
    asked = RequestsOpenAPIRequest(Request(method, found.url))
    try:
        with warnings.catch_warnings(action="ignore"):
            found.document.api.validate_response(asked, answer)
    except OpenAPIError as error:
        return _sentences(error)
    return []


@cache
def _load(name: str, base: str) -> _Document:
    raw = json.loads((SPECS / name).read_text("utf-8"))
    for owner, schema, prop, limit in _PROSE_LIMITS:
        if owner == name:
            raw["components"]["schemas"][schema]["properties"][prop]["maxItems"] = limit
    for owner, schema, names in _NULLABLE:
        if owner == name:
            for each in names:
                raw["components"]["schemas"][schema]["properties"][each]["nullable"] = True
    # Who may send is the site's business; openapi-core does not support the OAuth scheme.
    raw.get("components", {}).pop("securitySchemes", None)
    for holder in (raw, *(op for item in raw["paths"].values() for op in item.values())):
        if isinstance(holder, dict):
            holder.pop("security", None)
    raw["servers"] = [{"url": _ORIGIN + base}]
    with warnings.catch_warnings(action="ignore"):
        api = OpenAPI.from_dict(raw, config=_CONFIG)
    literal_first = sorted(raw["paths"], key=lambda template: template.count("{"))
    templates = tuple((_pattern(template), template) for template in literal_first)
    return _Document(api=api, raw=raw, base=base, templates=templates)


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]+\}", template)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))


def _operation(method: str, url: str) -> _Operation | str:
    """The operation that a document describes, or the sentence that none does."""
    parts = urlsplit(url)
    path = _GATEWAY.sub("", parts.path)
    for prefix, name, base in _DOCUMENTS:
        if not path.startswith(prefix + "/"):
            continue
        document = _load(name, base)
        for pattern, template in document.templates:
            item = document.raw["paths"][template]
            if pattern.fullmatch(path.removeprefix(base)) and method.lower() in item:
                return _Operation(
                    document=document,
                    template=template,
                    item=item,
                    raw=item[method.lower()],
                    url=_ORIGIN + path + (f"?{parts.query}" if parts.query else ""),
                )
    return f"no official document speaks of {method.upper()} {path}"


def _undeclared_parameters(operation: _Operation) -> list[str]:
    listed = [*operation.item.get("parameters", ()), *operation.raw.get("parameters", ())]
    declared = {
        parameter["name"]
        for parameter in (_resolve(operation.document.raw, entry) for entry in listed)
        if parameter["in"] == "query"
    }
    sent = parse_qsl(urlsplit(operation.url).query, keep_blank_values=True)
    return [f"undeclared query parameter {name!r}" for name, _ in sent if name not in declared]


def _resolve(raw: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    found: Any = entry
    if "$ref" in entry:
        found = raw
        for part in entry["$ref"].removeprefix("#/").split("/"):
            found = found[part]
    return dict(found)


def _bytes(body: object) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return (body if isinstance(body, str) else json.dumps(body)).encode()


def _sentences(error: OpenAPIError) -> list[str]:
    """openapi-core hides the schema's own words in the cause of its exception."""
    cause = error.__cause__
    listed = list(getattr(cause, "schema_errors", None) or ())
    if not listed:
        return [f"{error}: {cause}" if cause else str(error)]
    return [
        f"{'/'.join(map(str, fault.absolute_path)) or 'body'}: {_cut(fault)}" for fault in listed
    ]


def _cut(fault: Any) -> str:
    text = str(fault.message)
    return text if len(text) <= 300 else text[:150] + " … " + text[-150:]
