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
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue
from requests import PreparedRequest, Request

SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"
ABSENT = f"the official API documents are not beside the repository ({SPECS})"

# Longest prefix first. The second part is the prefix that the document's own paths leave out.
_DOCUMENTS = (
    ("/wiki/api/v2", "confluence-v2.json", "/wiki/api/v2"),
    ("/wiki/rest/api", "confluence-v1.json", ""),
    ("/rest/agile/1.0", "jira-agile.json", ""),
    ("/rest/software/1.0", "jira-agile.json", ""),
    ("/rest/api/3", "jira-platform-v3.json", ""),
)
_GATEWAY = re.compile(r"^/ex/(?:jira|confluence)/[^/]+")  # scoped tokens go through api.atlassian.com

# Limits that the documents state in prose only: (document, schema, property, maxItems).
_PROSE_LIMITS = (
    ("jira-platform-v3.json", "BulkFetchIssueRequestBean", "issueIdsOrKeys", 100),
    ("jira-platform-v3.json", "SearchAndReconcileRequestBean", "reconcileIssues", 50),
    ("jira-platform-v3.json", "SearchAndReconcileRequestBean", "properties", 5),
)

# Answers seen from the real products that the documents leave out: (method, path template of the
# document, status) -> why it is right all the same.
UNDOCUMENTED: dict[tuple[str, str, int], str] = {
    ("PUT", "/pages/{id}", 409): "a wrong version number; v1 documented 409 and Cloud still sends it",
    ("GET", "/rest/api/3/serverInfo", 200): "",
}
del UNDOCUMENTED["GET", "/rest/api/3/serverInfo", 200]


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
    parts = urlsplit(request.url or "")
    found = _document(parts.path)
    if found is None:
        return [f"no official document speaks of {parts.path}"]
    api, base, path = found
    wrapped = _openapi_request(request, api, base, path, parts.query)
    try:
        with _quiet():
            api.validate_request(wrapped)
    except OpenAPIError as error:
        return _sentences(error, f"{request.method} {path}")
    return [*_undeclared_parameters(api, base, wrapped, parts.query)]


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
        path: The request's path from the site's root, with or without a query.
        status: The answer's status.
        body: Raw bytes, text, or the decoded JSON; None for no body.
        content_type: The answer's media type, looked at only where the document lists a schema.

    Returns:
        One sentence a fault; empty if the response is right. A status that the document does not
        list is a fault unless ``UNDOCUMENTED`` names it.
    """
    parts = urlsplit(path)
    found = _document(parts.path)
    if found is None:
        return [f"no official document speaks of {parts.path}"]
    api, base, path = found
    bare = Request(method, "http://sandbox" + path).prepare()
    wrapped = _openapi_request(bare, api, base, path, "")
    template, operation, fault = _operation(api, base, wrapped)
    if fault:
        return [fault]
    if (method.upper(), template, status) in UNDOCUMENTED:
        return []
    described = operation["responses"].get(str(status), operation["responses"].get("default"))
    if described is None:
        return [f"{method} {template}: status {status} is not in the document"]
    if not any("schema" in media for media in described.get("content", {}).values()):
        return []
    answer = _Response(data=_raw(body), status_code=status, content_type=content_type)
    try:
        with _quiet():
            api.validate_response(wrapped, answer)
    except OpenAPIError as error:
        return _sentences(error, f"{method} {template} {status}")
    return []


def _document(path: str) -> tuple[OpenAPI, str, str] | None:
    path = _GATEWAY.sub("", path)
    for prefix, name, base in _DOCUMENTS:
        if path == prefix or path.startswith(prefix + "/"):
            return _load(name), base, path
    return None


@cache
def _load(name: str) -> OpenAPI:
    document = json.loads((SPECS / name).read_text("utf-8"))
    for owner, schema, prop, limit in _PROSE_LIMITS:
        if owner == name:
            document["components"]["schemas"][schema]["properties"][prop]["maxItems"] = limit
    # Anyone may send; who may is the sandbox's business, and the scheme of OAuth is unsupported.
    document.pop("security", None)
    document.get("components", {}).pop("securitySchemes", None)
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
    base = next(base for _, other, base in _DOCUMENTS if other == name)
    document["servers"] = [{"url": "http://sandbox" + base}]
    with _quiet():
        return OpenAPI.from_dict(document, config=Config(spec_validator_cls=None))


def _openapi_request(
    request: PreparedRequest, api: OpenAPI, base: str, path: str, query: str
) -> RequestsOpenAPIRequest:
    del api, base
    moved = request.copy()
    moved.url = "http://sandbox" + path + (f"?{query}" if query else "")
    return RequestsOpenAPIRequest(moved)


def _operation(
    api: OpenAPI, base: str, request: RequestsOpenAPIRequest
) -> tuple[str, dict[str, Any], str]:
    """The document's path template and operation, or a sentence that says why there is none."""
    try:
        found = api.response_validator_cls(api.spec)._find_path(request)  # noqa: SLF001
    except PathError as error:
        return "", {}, f"{request.method.upper()} {request.path}: {error}"
    with found.operation.resolve() as resolved:
        return found.path_result.pattern, resolved.contents, ""
