"""Turns a connection that failed into an error that says what is known about the request."""

from requests import PreparedRequest
from requests.exceptions import (
    ChunkedEncodingError,
    ConnectionError,  # noqa: A004 - requests' own name; the built-in is not used here
    ConnectTimeout,
    ContentDecodingError,
    SSLError,
    Timeout,
)
from urllib3.exceptions import NewConnectionError

from pmsync.core.errors import RemoteDownError, RemoteError, UnexpectedAnswerError
from pmsync.transport.answers import place
from pmsync.transport.redact import Redactor

_PASSING = (ConnectionError, Timeout, ChunkedEncodingError, ContentDecodingError)


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
        writes: Whether the request was a write: its effect is unknown then, unless no
            connection was made.
        redactor: Cleans what the error quotes.
    """
    cause = _innermost(error)
    method, url = request.method or "", place(request)
    if isinstance(error, SSLError):
        problem: RemoteError = UnexpectedAnswerError(
            "no trusted TLS connection to the site",
            cure="name your company's certificates in `ca_bundle`; there is no way to skip them",
            method=method,
            url=url,
        )
    elif isinstance(error, _PASSING):
        unsent = isinstance(error, ConnectTimeout) or isinstance(cause, NewConnectionError)
        problem = RemoteDownError(
            f"the site did not answer: {_reason(error, redactor)}",
            applied=None if writes and not unsent else False,
            cure="try again later",
            method=method,
            url=url,
        )
    else:
        problem = UnexpectedAnswerError(
            f"the request could not be sent: {redactor.clean(str(cause))[:300]}",
            method=method,
            url=url,
        )
    problem.__cause__ = cause
    return problem


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
