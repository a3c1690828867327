"""How Confluence says no: two bodies, one for v2 and one for v1.

Sources of the words: md2conf#113 (v2 404), md2conf#149 (v2 title taken), mark#917 (401 of a token
whose scope does not match), duo-labs/markdown-to-confluence#6 (v1 409), mark#54 and
terraform-provider-confluence#7 (body that does not parse), go-markdown2confluence#43 (version).
"""

from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse, Response

_TITLES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
_CODES = {
    400: "BAD_REQUEST", 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND", 409: "CONFLICT",
    410: "GONE", 413: "REQUEST_TOO_LARGE",
}  # fmt: skip
_EXCEPTIONS = {
    400: "BadRequestException", 403: "PermissionException", 404: "NotFoundException",
    409: "ConflictException", 410: "GoneException",
}  # fmt: skip
_PACKAGE = "com.atlassian.confluence.api.service.exceptions."
TITLE_TAKEN = (
    "A page with this title already exists: A page already exists with the same TITLE in this space"
)


class Refusal(Exception):  # noqa: N818 - an answer of the site, not a fault of the program
    """A request that the site refuses.

    Attributes:
        status: The HTTP status.
        title: What was wrong, in Confluence's words.
    """

    def __init__(self, status: int, title: str = "") -> None:
        super().__init__(title)
        self.status = status
        self.title = title or _TITLES.get(status, "Error")


def answer(refusal: Refusal, path: str) -> Response:
    """The refusal as the API of that path writes it."""
    make = _v2 if path.startswith("/wiki/api/v2") else _v1
    return JSONResponse(make(refusal), status_code=refusal.status)


def unauthorized(path: str) -> Response:
    """401 for a missing or wrong token, in the shape of that path's API."""
    return answer(Refusal(401), path)


def not_found(path: str) -> Response:
    """404 for what is not there or not to be seen (Confluence does not tell which)."""
    return answer(Refusal(404), path)


def _v2(refusal: Refusal) -> dict[str, Any]:
    entry = {
        "status": refusal.status,
        "code": _CODES.get(refusal.status, "ERROR"),
        "title": refusal.title,
        "detail": None,
    }
    return {"errors": [entry]}


def _v1(refusal: Refusal) -> dict[str, Any]:
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        return {"code": 401, "message": "Unauthorized"}
    name = _EXCEPTIONS.get(refusal.status)
    return {
        "statusCode": refusal.status,
        "data": {"authorized": False, "valid": True, "errors": [], "successful": False},
        "message": f"{_PACKAGE}{name}: {refusal.title}" if name else refusal.title,
    }
