"""The one `requests` adapter under both client libraries: the last word before the wire.

It admits a request (address, endpoint table, write gate), waits its turn (rate budget), sends it
with time-outs, reads the whole answer, and tries again where that is safe. Whatever is not a
proper answer leaves as an error of :mod:`pmsync.core.errors`.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import urlsplit

from requests import HTTPError, PreparedRequest, Response
from requests.adapters import HTTPAdapter
from typing_extensions import override
from urllib3.exceptions import HTTPError as WireError

from pmsync.core.errors import (
    AuthenticationError,
    RateLimitedError,
    RemoteDownError,
    RemoteError,
    RequestRefusedError,
)
from pmsync.ports import Clock
from pmsync.transport.answers import broken_off, captcha, fault, place
from pmsync.transport.budget import Key, RateBudget
from pmsync.transport.connections import guard_connections
from pmsync.transport.endpoints import Endpoint, Product, find
from pmsync.transport.gate import Gate
from pmsync.transport.issues_written import issues_written
from pmsync.transport.lost import TruncatedAnswerError, lost
from pmsync.transport.record import Request, RequestRecord
from pmsync.transport.redact import Redactor
from pmsync.transport.retry import LEAST_PAUSE_S, RETRIED_STATUSES, Patience, retry_after_s

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What all sessions of a process share.

    Attributes:
        rng: Draws the jitter; seeded in tests.
    """

    clock: Clock
    gate: Gate
    budget: RateBudget
    redactor: Redactor = field(default_factory=Redactor)
    record: RequestRecord = field(default_factory=RequestRecord)
    patience: Patience = field(default_factory=Patience)
    rng: random.Random = field(default_factory=random.SystemRandom)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where one adapter may send to.

    Attributes:
        site: The site's configured name.
        base_url: The product's address, without trailing slash; nothing above it is reachable.
        connect_s, read_s: Time-outs in seconds; what callers pass is ignored.
    """

    site: str
    product: Product
    base_url: str
    connect_s: float = 10.0
    read_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wire:
    """How the session wants it sent: certificates and proxies."""

    verify: bool | str
    proxies: Mapping[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """A request that was admitted.

    Attributes:
        write_id: Whose permit it goes out under; empty for reads.
    """

    request: PreparedRequest
    endpoint: Endpoint
    key: Key
    write_id: str
    wire: _Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """How one try ended: with a proper answer, or with a problem (and perhaps an answer)."""

    answer: Response | None = None
    problem: RemoteError | None = None


class GuardedAdapter(HTTPAdapter):
    """Sends what may be sent; see the module's text.

    Args:
        connections: Kept open at once; threads beyond that wait for one another.
    """

    def __init__(self, target: Target, guard: Guard, *, connections: int = 10) -> None:
        super().__init__(pool_connections=1, pool_maxsize=connections, pool_block=True)
        self._target = target
        self._guard = guard
        self._base = urlsplit(target.base_url.rstrip("/"))
        self._captcha = False

    @override
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Open guarded connections only."""
        super().init_poolmanager(*args, **kwargs)
        guard_connections(self.poolmanager)

    @override
    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """Open guarded connections only, through proxies too."""
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        if not known:
            guard_connections(manager)
        return manager

    @override
    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Send *request* and return its answer, whole and checked.

        *timeout*, *stream* and *cert* are there for the signature's sake and not used.

        Raises:
            ReadOnlyError: It would write, and must not.
            RemoteError: There was no proper answer; the subclass says of which kind.
        """
        call = self._admitted(request, wire=_Wire(verify=verify, proxies=proxies))
        waited = 0.0
        attempt = 1
        while True:
            waited += self._wait_turn(call, waited)
            outcome = self._try(call)
            if outcome.problem is None and outcome.answer is not None:
                return outcome.answer
            waited += self._pause(call, outcome, attempt, waited)
            attempt += 1

    def _admitted(self, request: PreparedRequest, *, wire: _Wire) -> _Call:
        method = (request.method or "").upper()
        path = self._path_below_base(request)
        if self._captcha:
            self._refuse_after_captcha(request)
        match = find(self._target.product, method, path)
        if match is None:
            self._refuse_unknown(request)
        endpoint = match.endpoint
        where = f"{method} {place(request)}"
        return _Call(
            request=request,
            endpoint=endpoint,
            write_id=self._guard.gate.require(endpoint.name, where) if endpoint.writes else "",
            wire=wire,
            key=Key(
                site=self._target.site,
                product=self._target.product,
                method=method,
                endpoint=endpoint.name,
                issues=issues_written(request.body, match.values) if endpoint.writes else (),
            ),
        )

    def _path_below_base(self, request: PreparedRequest) -> str:
        asked = urlsplit(request.url or "")
        base = self._base
        mine = (base.scheme, base.hostname, base.port or _PORTS[base.scheme])
        theirs = (asked.scheme, asked.hostname, asked.port or _PORTS.get(asked.scheme))
        if mine == theirs and asked.path.startswith(base.path + "/"):
            return asked.path.removeprefix(base.path)
        what = f"only {self._target.base_url} is spoken to"
        raise RequestRefusedError(
            what,
            method=request.method or "",
            url=place(request),
            cure="report this: nothing may be sent anywhere else",
        )

    def _refuse_after_captcha(self, request: PreparedRequest) -> NoReturn:
        what = "the site asked for a CAPTCHA before; it is not asked again"
        raise AuthenticationError(
            what,
            method=request.method or "",
            url=place(request),
            cure="solve it in a browser with this account, then start pmsync anew",
        )

    def _refuse_unknown(self, request: PreparedRequest) -> NoReturn:
        # Taken for a write: to send it without a permit would be the graver fault.
        self._guard.gate.require("a call unknown to the endpoint table", place(request))
        what = "the endpoint table does not know this call"
        raise RequestRefusedError(
            what,
            method=request.method or "",
            url=place(request),
            cure="report this: every call must be in the table, with its document",
        )

    def _wait_turn(self, call: _Call, waited: float) -> float:
        """Wait until the rate budget lets the call go; return the seconds spent."""
        seconds = self._guard.budget.wait_s(call.key)
        if seconds <= 0:
            return 0.0
        if waited + seconds > self._guard.patience.budget_s:
            what = f"the site asked for a pause that lasts {seconds:.0f} s more"
            raise RateLimitedError(
                what,
                retry_after_s=seconds,
                method=call.key.method,
                url=place(call.request),
                cure="try again later",
            )
        self._guard.clock.sleep(seconds)
        return seconds

    def _try(self, call: _Call) -> _Outcome:
        clock = self._guard.clock
        redactor = self._guard.redactor
        writes = call.endpoint.writes
        started = clock.monotonic()
        try:
            answer = self._exchange(call)
        except (OSError, WireError) as error:  # requests' own errors are OSErrors
            problem = lost(error, call.request, writes=writes, redactor=redactor)
            self._note(call, None, clock.monotonic() - started)
            return _Outcome(problem=problem)
        self._note(call, answer, clock.monotonic() - started)
        wrong = fault(answer, writes=writes, redactor=redactor, now=clock.now())
        if wrong is not None:
            wrong.__cause__ = HTTPError(f"{answer.status_code} {answer.reason}", response=answer)
        if captcha(answer.headers):
            self._captcha = True
        if answer.status_code != HTTPStatus.TOO_MANY_REQUESTS:
            self._guard.budget.accepted(call.key)
        return _Outcome(answer=answer, problem=wrong)

    def _exchange(self, call: _Call) -> Response:
        answer = super().send(
            call.request,
            stream=True,
            timeout=(self._target.connect_s, self._target.read_s),
            verify=call.wire.verify,
            proxies=call.wire.proxies,
        )
        # Read here, so that a body that breaks off is this try's failure and not the caller's.
        if broken_off(answer):
            what = "the JSON breaks off"
            raise TruncatedAnswerError(what)
        return answer

    def _note(self, call: _Call, answer: Response | None, seconds: float) -> None:
        self._guard.record.add(
            Request(
                product=call.key.product,
                method=call.key.method,
                endpoint=call.key.endpoint,
                status=0 if answer is None else answer.status_code,
                seconds=seconds,
                bytes=0 if answer is None else len(answer.content),
                write_id=call.write_id,
            )
        )

    def _pause(self, call: _Call, outcome: _Outcome, attempt: int, waited: float) -> float:
        """Wait before another try and return the seconds; raise if there must be none."""
        problem = outcome.problem
        if problem is None:
            raise AssertionError
        patience = self._guard.patience
        least = self._least_pause(call, outcome)
        if least is None or attempt >= patience.tries:
            raise problem
        seconds = patience.pause_s(attempt, least, self._guard.rng)
        if waited + seconds > patience.budget_s:
            raise problem
        self._guard.clock.sleep(seconds)
        return seconds

    def _least_pause(self, call: _Call, outcome: _Outcome) -> float | None:
        """The seconds that must pass before another try; None if there must not be one.

        A 429 certainly had no effect, so that writes may be sent again too; nothing else says so.
        """
        problem = outcome.problem
        if isinstance(problem, RateLimitedError):
            seconds = max(problem.retry_after_s or 0.0, LEAST_PAUSE_S)
            self._guard.budget.refused(call.key, problem.reason, seconds)
            return seconds
        passing = isinstance(problem, RemoteDownError) and (
            outcome.answer is None or outcome.answer.status_code in RETRIED_STATUSES
        )
        if call.endpoint.writes or not passing:
            return None
        headers = outcome.answer.headers if outcome.answer is not None else {}
        return retry_after_s(headers, self._guard.clock.now()) or 0.0
