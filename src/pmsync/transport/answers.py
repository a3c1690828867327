"""Reads an answer before anybody else does: is it one, and what does it mean for the caller?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TypedDict
from urllib.parse import urlsplit

from requests import PreparedRequest, Response

from pmsync.core.errors import (
    AuthenticationError,
    ConflictError,
    GoneError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RemoteDownError,
    RemoteError,
    RequestRefusedError,
    UnexpectedAnswerError,
)
from pmsync.transport.redact import Redactor
from pmsync.transport.retry import retry_after_s

EXCERPT = 300
"""Characters of an answer's text that an error carries."""

_OK, _MOVED = 2, 3  # classes of statuses
_CREDENTIALS = "check the account and its API token; `pmsync doctor` tries them"
_CAPTCHA = (
    "log in once with a browser as this account and solve the CAPTCHA, then start pmsync anew"
)
_LOGIN_PATH = re.compile(r"(?i)log-?in|sign-?in|saml|sso|oauth|/auth\b|//id\.atlassian\.com")
_STALE = re.compile(
    r"(?i)version (?:number )?(?:must|should) be|version conflict|version.{0,40}(?:stale|mismatch)"
    r"|stale (?:data|state|object)|already been (?:updated|modified)|conflicting"
)
_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|script)", re.IGNORECASE)


def captcha(headers: Mapping[str, str]) -> bool:
    """Whether the site wants a person to solve a CAPTCHA: every further try makes it worse."""
    denied = headers.get("X-Authentication-Denied-Reason", "")
    login = headers.get("X-Seraph-LoginReason", "")
    return "CAPTCHA" in denied.upper() or "AUTHENTICATION_DENIED" in login.upper()


def broken_off(response: Response) -> bool:
    """Whether a JSON answer ends in the middle; only needed where no length was announced.

    All calls of the endpoint table answer with an object or a list.
    """
    body = response.content.rstrip()
    return response.ok and "json" in _media_type(response) and body[-1:] not in (b"", b"}", b"]")


def place(request: PreparedRequest) -> str:
    """Return scheme, host and path of a request; never its query, user or password."""
    parts = urlsplit(request.url or "")
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


class _At(TypedDict):
    """What every error says of its request."""

    method: str
    url: str
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """An answer that is not what was asked for, made ready to be told."""

    response: Response
    status: int
    at: _At
    said: str
    applied: bool | None


def fault(
    response: Response, *, writes: bool, redactor: Redactor, now: datetime
) -> RemoteError | None:
    """Return what is wrong with an answer, or None if it is what was asked for.

    Args:
        response: The answer, its body already read.
        writes: Whether the request was a write: then a muddled answer leaves its effect unknown.
        redactor: Cleans what the error quotes.
        now: For a ``Retry-After`` that is a date.
    """
    if _class(response.status_code) == _OK and not captcha(response.headers):
        kind = _media_type(response)
        if kind == "application/json" or kind.endswith("+json"):
            return None
        # Several writes answer with nothing; a read never does.
        if not response.content.strip() and (
            writes or response.status_code == HTTPStatus.NO_CONTENT
        ):
            return None
    reading = _Reading(
        response=response,
        status=response.status_code,
        at={
            "method": response.request.method or "",
            "url": place(response.request),
            "excerpt": excerpt(response, redactor),
        },
        said=_printable(_said(response), redactor),
        applied=None if writes else False,
    )
    return _told(reading, now)


def excerpt(response: Response, redactor: Redactor) -> str:
    """Return the start of an answer's text on one line, without markup and secrets."""
    text = response.content[: 20 * EXCERPT].decode("utf-8", "replace")
    if _HTML.match(text):
        text = re.sub(r"(?is)<(script|style)\b.*?(</\1>|$)|<[^>]*>", " ", text)
    return _printable(text, redactor)


def _printable(text: str, redactor: Redactor) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    clean = redactor.clean(" ".join(printable.split()))
    return clean if len(clean) <= EXCERPT else clean[: EXCERPT - 1] + "…"


def _told(reading: _Reading, now: datetime) -> RemoteError:
    status = reading.status
    if captcha(reading.response.headers):
        what = "the site asks this account to solve a CAPTCHA"
        return AuthenticationError(what, status=status, cure=_CAPTCHA, applied=False, **reading.at)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return RemoteDownError(
            f"the site answered {status}{reading.said}",
            status=status,
            applied=reading.applied,
            cure="try again later",
            **reading.at,
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _limited(reading, now)
    if status >= HTTPStatus.BAD_REQUEST:
        return _refused(reading)
    return _redirect(reading) if _class(status) == _MOVED else _not_json(reading)


def _redirect(reading: _Reading) -> RemoteError:
    target = urlsplit(reading.response.headers.get("Location", ""))
    host = f"//{target.hostname}" if target.hostname else ""
    where = f"{host}{target.path}" or "nowhere"
    if _LOGIN_PATH.search(where):
        return AuthenticationError(
            f"the site sent us to a login page ({where})",
            status=reading.status,
            applied=reading.applied,
            cure=_CREDENTIALS,
            **reading.at,
        )
    return UnexpectedAnswerError(
        f"the site answered {reading.status} and points to {where}; pmsync follows nobody",
        status=reading.status,
        applied=reading.applied,
        cure="check the site's address in the configuration",
        **reading.at,
    )


def _limited(reading: _Reading, now: datetime) -> RateLimitedError:
    headers = reading.response.headers
    reason = headers.get("RateLimit-Reason", "")
    return RateLimitedError(
        f"the site's rate limit is reached{f' ({reason})' if reason else ''}",
        retry_after_s=retry_after_s(headers, now),
        reason=reason,
        cure="try again later, or run less often",
        **reading.at,
    )


def _refused(reading: _Reading) -> RemoteError:
    status, said, at = reading.status, reading.said, reading.at
    if status == HTTPStatus.UNAUTHORIZED:
        what = "the site does not accept the credentials"
        return AuthenticationError(what, status=status, cure=_CREDENTIALS, **at)
    if status == HTTPStatus.FORBIDDEN:
        what = f"the account may not do this{said}"
        cure = "`pmsync doctor --permissions` lists what the account needs"
        return PermissionDeniedError(what, status=status, cure=cure, **at)
    if status == HTTPStatus.NOT_FOUND:
        what = f"it does not exist, or the account may not see it{said}"
        return NotFoundError(what, status=status, **at)
    stale = status == HTTPStatus.BAD_REQUEST and _STALE.search(at["excerpt"])
    if stale or status == HTTPStatus.CONFLICT:
        return ConflictError(f"somebody else changed it first{said}", status=status, **at)
    if status == HTTPStatus.GONE:
        cure = "update pmsync: Atlassian removed what this version calls"
        return GoneError(f"the site no longer offers this{said}", status=status, cure=cure, **at)
    return RequestRefusedError(f"the site refused the request{said}", status=status, **at)


def _not_json(reading: _Reading) -> RemoteError:
    kind = _media_type(reading.response)
    start = reading.response.content[:200].decode("utf-8", "replace")
    if "html" in kind or _HTML.match(start):
        return AuthenticationError(
            "the site answered with a login page (HTML) instead of JSON",
            status=reading.status,
            applied=reading.applied,
            cure=_CREDENTIALS,
            **reading.at,
        )
    came = (kind or "no content type") if start.strip() else "nothing"
    return UnexpectedAnswerError(
        f"the site answered {reading.status} with {came} where JSON is expected",
        status=reading.status,
        applied=reading.applied,
        cure="check the site's address; a proxy may be answering in its place",
        **reading.at,
    )


def _class(status: int) -> int:
    return status // 100


def _media_type(response: Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _said(response: Response) -> str:
    """The site's own words, where it has any: both products' error shapes."""
    try:
        body = response.json()
    except ValueError:
        return ""
    words = _words(body) if isinstance(body, dict) else []
    return f": {'; '.join(words)}" if words else ""


def _words(body: dict[str, object]) -> list[str]:
    messages = body.get("errorMessages")
    found = [str(text) for text in messages] if isinstance(messages, list) else []
    errors = body.get("errors")
    if isinstance(errors, dict):
        found += [f"{field}: {text}" for field, text in errors.items()]
    elif isinstance(errors, list):
        found += [_sentence(error) for error in errors]
    return found or [str(text) for key in ("message", "reason") if (text := body.get(key))][:1]


def _sentence(error: object) -> str:
    if isinstance(error, dict):
        told = error.get("detail") or error.get("title") or error.get("message")
        return str(told or error)
    return str(error)
