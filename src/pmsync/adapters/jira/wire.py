"""The `jira` client as a thin transport: our paths and bodies, its session, typed answers.

Its own methods are not used: they send bodies that Atlassian's documents forbid, one issue a
rank call, and one page of a search (see docs/adr).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import msgspec
from requests import RequestException, Response

from pmsync.core.errors import UnexpectedAnswerError
from pmsync.transport.answers import place

if TYPE_CHECKING:
    from jira import JIRA

T = TypeVar("T")
Params = Mapping[str, str | int | Sequence[str]]


class Wire:
    """Sends requests through the client's guarded session; safe to use from several threads.

    Args:
        client: Kept alive here, because it closes its session when it goes.
    """

    def __init__(self, client: "JIRA") -> None:
        self._client = client
        self._base = client.server_url.rstrip("/")

    def get(self, kind: type[T], path: str, params: Params | None = None) -> T:
        """Return the decoded answer of a GET."""
        return decoded(self._send("GET", path, params=params), kind)

    def post(self, kind: type[T], path: str, body: Mapping[str, object]) -> T:
        """Return the decoded answer of a read that is sent as POST."""
        return decoded(self._send("POST", path, body=body), kind)

    def ask(self, path: str, body: Mapping[str, object]) -> Response:
        """Return the answer of a read that is sent as POST, as it came."""
        return self._send("POST", path, body=body)

    def put(self, path: str, body: Mapping[str, object]) -> Response:
        """Write, and return the answer as it came."""
        return self._send("PUT", path, body=body)

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Response:
        sent: dict[str, Any] = {} if body is None else {"data": msgspec.json.encode(body)}
        try:
            return self._client._session.request(method, self._base + path, params=params, **sent)
        except RequestException as error:  # requests never came as far as the adapter
            what = f"the request could not be made: {type(error).__name__}"
            raise UnexpectedAnswerError(what, method=method, url=self._base + path) from error


def segment(text: str) -> str:
    """Return *text* as one segment of a path."""
    return quote(text, safe="")


def decoded(answer: Response, kind: type[T]) -> T:
    """Return the answer's body as *kind*.

    Raises:
        UnexpectedAnswerError: It has another shape.
    """
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise misshapen(answer, error) from error


def misshapen(answer: Response, error: Exception) -> UnexpectedAnswerError:
    """Return what to raise for an answer that is JSON and yet not what was asked for."""
    what = f"an answer of unknown shape: {error}"
    return UnexpectedAnswerError(
        what,
        status=answer.status_code,
        method=answer.request.method or "",
        url=place(answer.request),
        # A write that was answered, if not in words we know: nobody can say what became of it.
        applied=None if answer.request.method == "PUT" else False,
        cure="report this with the sentence above",
    )
