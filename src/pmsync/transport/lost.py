"""Turns a connection that failed into an error that says what is known about the request."""

from typing import TypedDict

from requests import PreparedRequest
from requests.exceptions import (
    ChunkedEncodingError,
    ConnectionError,  # noqa: A004 - requests' own name; the built-in is not used here
    ConnectTimeout,
    ContentDecodingError,
    InvalidSchema,
    InvalidURL,
    Timeout,
)
from urllib3.exceptions import NewConnectionError

from pmsync.core.errors import RemoteDownError, RemoteError, UnexpectedAnswerError
from pmsync.transport.answers import place
from pmsync.transport.connections import NotConnectedError, UntrustedError
from pmsync.transport.redact import Redactor

# SSLError is a ConnectionError: a connection that breaks in TLS breaks like any other.
_PASSING = (ConnectionError, Timeout, ChunkedEncodingError, ContentDecodingError)
_NEVER_BEGUN = (ConnectTimeout, InvalidSchema, InvalidURL)
_BEFORE_THE_REQUEST = (NewConnectionError, NotConnectedError, UntrustedError)


class _At(TypedDict):
    """What every error says of its request."""

    applied: bool | None
    method: str
    url: str


class TruncatedAnswerError(ContentDecodingError):
    """A JSON answer that breaks off, where no length was announced."""


def lost(
    error: Exception, request: PreparedRequest, *, writes: bool, redactor: Redactor
) -> RemoteError:
    """Return what to raise instead of *error*, with its innermost cause chained.

    The outer ones print the address with its query, which no error text may show.

    Args:
        error: What requests or urllib3 raised.
        request: What was being sent.
        writes: Whether the request was a write: its effect is unknown then, unless nothing of
            it was sent.
        redactor: Cleans what the error quotes.
    """
    cause = _innermost(error)
    at: _At = {
        "applied": None if writes and not _unsent(error, cause) else False,
        "method": request.method or "",
        "url": place(request),
    }
    if isinstance(cause, UntrustedError):
        problem: RemoteError = UnexpectedAnswerError(
            "no trusted TLS connection to the site",
            cure="name your company's certificates in `ca_bundle`; there is no way to skip them",
            **at,
        )
    elif isinstance(error, _PASSING):
        what = f"the site did not answer: {_reason(error, redactor)}"
        problem = RemoteDownError(what, cure="try again later", **at)
    else:
        reason = redactor.clean(str(cause))[:300]
        problem = UnexpectedAnswerError(f"the request failed: {reason}", **at)
    problem.__cause__ = cause
    return problem


def _unsent(error: Exception, cause: BaseException) -> bool:
    """Whether the request certainly did not reach anybody, not even in part."""
    return isinstance(error, _NEVER_BEGUN) or isinstance(cause, _BEFORE_THE_REQUEST)


def _reason(error: Exception, redactor: Redactor) -> str:
    if isinstance(error, ConnectTimeout):
        return "no connection in time"
    if isinstance(error, Timeout):
        return "no answer in time"
    if isinstance(error, ChunkedEncodingError | ContentDecodingError):
        return "the answer broke off"
    text = " ".join(redactor.clean(str(_innermost(error))).split())
    return text.rpartition("): ")[2][:300]


def _innermost(error: BaseException) -> BaseException:
    """Follow the causes that requests and urllib3 keep in ``reason`` or as first argument."""
    told = (getattr(error, "reason", None), *error.args)
    inner = next((one for one in told if isinstance(one, BaseException)), None)
    return error if inner is None else _innermost(inner)
