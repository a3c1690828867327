"""What can go wrong, as classes that own their exit code and say what to do.

Remote errors are named by what they mean for the caller, not by the client library that met
them; the original is always chained (``raise ... from error``).
"""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override


class PmsyncError(Exception):
    """Anything pmsync refuses or fails to do, told to a person.

    Attributes:
        what: One sentence: what happened.
        where: Place: ``file:line:column``, a template line, an issue key, a URL without query.
        cure: What to do about it; empty only if nobody can say.
        exit_code: The process's exit code when this error ends a command.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str = "", cure: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.cure = cure

    @override
    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        cure = f"\n  cure: {self.cure}" if self.cure else ""
        return f"{place}{self.what}{cure}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault in a configuration, with its place.

    Attributes:
        what: The fault, one sentence.
        file: Path as the user gave it; empty for the environment.
        line: 1-based; 0 when the place has no line (environment, missing file).
        column: 1-based; 0 when unknown.
        cure: What to write instead.
    """

    what: str
    file: str = ""
    line: int = 0
    column: int = 0
    cure: str = ""

    @override
    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.line else f"{self.file}: "
        cure = f" ({self.cure})" if self.cure else ""
        return f"{place if self.file else ''}{self.what}{cure}"


class ConfigError(PmsyncError):
    """The configuration is wrong; carries every problem at once."""

    exit_code: ClassVar[int] = 2

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        count = len(problems)
        super().__init__(f"{count} configuration problem{'s' if count != 1 else ''}")
        self.problems = problems

    @override
    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class UsageError(PmsyncError):
    """The command was given something it cannot use."""

    exit_code: ClassVar[int] = 2


class TemplateError(PmsyncError):
    """A page template failed, or made a page that must not be sent."""

    exit_code: ClassVar[int] = 2


class PlanFileError(PmsyncError):
    """A plan file is malformed, altered, or not for this product."""

    exit_code: ClassVar[int] = 2


class UnsafePlanError(PmsyncError):
    """The plan is over a brake, or has aged past what its preconditions allow."""

    exit_code: ClassVar[int] = 5


class IncompleteInputError(PmsyncError):
    """What was pulled cannot be the whole truth, so nothing may be published from it (P5)."""


class LeaseHeldError(PmsyncError):
    """Another run of the same product is under way."""

    exit_code: ClassVar[int] = 75


class StoreError(PmsyncError):
    """The store cannot be used."""


class StoreBusyError(StoreError):
    """The store is locked by another process."""

    exit_code: ClassVar[int] = 75


class ReadOnlyError(PmsyncError):
    """A write was attempted although writes are switched off or no permit is open."""


class RemoteError(PmsyncError):
    """Jira or Confluence did not do what was asked.

    Attributes:
        status: HTTP status; 0 when there was no answer.
        method: HTTP method.
        url: Scheme, host and path; never a query string.
        excerpt: The start of the answer's text, at most 300 characters, secrets removed.
        applied: False when the request certainly had no effect, True when it certainly had,
            None when nobody can know (a reset, a time-out or a 5xx on a write).
    """

    def __init__(
        self,
        what: str,
        *,
        status: int = 0,
        method: str = "",
        url: str = "",
        excerpt: str = "",
        applied: bool | None = False,
        cure: str = "",
    ) -> None:
        super().__init__(what, where=f"{method} {url}".strip(), cure=cure)
        self.status = status
        self.method = method
        self.url = url
        self.excerpt = excerpt
        self.applied = applied


class RequestRefusedError(RemoteError):
    """400 or another 4xx: the request itself is wrong; the same one will fail again."""


class AuthenticationError(RemoteError):
    """401, a login page, or a CAPTCHA: the credentials were not accepted."""

    exit_code: ClassVar[int] = 4


class PermissionDeniedError(RemoteError):
    """403: the account may not do this."""

    exit_code: ClassVar[int] = 4


class NotFoundError(RemoteError):
    """404: it does not exist, or the account may not see it; the two look alike."""


class GoneError(RemoteError):
    """410: the endpoint was removed."""


class ConflictError(RemoteError):
    """409, or a 400 that says so: somebody else changed it first."""


class RateLimitedError(RemoteError):
    """429 after all the waiting that was allowed.

    Attributes:
        retry_after_s: Seconds the server asked to wait; None when it did not say.
        reason: The server's ``RateLimit-Reason``; empty when it did not say.
    """

    exit_code: ClassVar[int] = 75

    def __init__(
        self,
        what: str,
        *,
        retry_after_s: float | None = None,
        reason: str = "",
        method: str = "",
        url: str = "",
        excerpt: str = "",
        cure: str = "",
    ) -> None:
        super().__init__(
            what, status=429, method=method, url=url, excerpt=excerpt, applied=False, cure=cure
        )
        self.retry_after_s = retry_after_s
        self.reason = reason


class RemoteDownError(RemoteError):
    """5xx, time-out or lost connection: the other side is not answering properly."""

    exit_code: ClassVar[int] = 75


class UnexpectedAnswerError(RemoteError):
    """An answer that breaks the protocol: a redirect, wrong content type, repeated page token."""
