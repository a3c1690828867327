"""The transport against a server that resets, hangs, lies and limits: what it sends and says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from fault_server import Behaviour, FaultServer, answer, hang, reset, truncated
from guarded_jira import TOKEN, GuardedJira, guarded_jira

from pmsync.core.errors import (
    AuthenticationError,
    ConflictError,
    GoneError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    ReadOnlyError,
    RemoteDownError,
    RemoteError,
    RequestRefusedError,
    UnexpectedAnswerError,
)
from pmsync.transport.retry import Patience

GET = ("GET", "/rest/api/3/myself")
SEARCH = ("POST", "/rest/api/3/search/jql")
RANK = ("PUT", "/rest/agile/1.0/issue/rank")
LOGIN = "<!DOCTYPE html><html><head><title>Log in</title></head><body>Log in to Jira</body></html>"
HTML = {"Content_Type": "text/html;charset=UTF-8"}

BROKEN = {
    "reset": reset(),
    "hang": hang(),
    "cut, announced": truncated(announced=True),
    "cut, not announced": truncated(announced=False),
    "502": answer(502, "<html>Bad gateway</html>", Content_Type="text/html"),
    "503": answer(503, '{"message": "maintenance"}'),
    "504": answer(504, ""),
}
REFUSED: dict[int, type[RemoteError]] = {
    400: RequestRefusedError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    405: RequestRefusedError,
    409: ConflictError,
    410: GoneError,
    413: RequestRefusedError,
    422: RequestRefusedError,
}


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """The misbehaving server."""
    with FaultServer() as faults:
        yield faults


@pytest.fixture
def jira(server: FaultServer) -> GuardedJira:
    """A client of it, which sleeps without waiting."""
    return guarded_jira(server.url, read_s=0.25)


def ask(jira: GuardedJira, call: tuple[str, str], body: bytes | None = None) -> int:
    """Send one request and return the answer's status."""
    method, path = call
    return jira.client._session.request(method, jira.base + path, data=body).status_code


def write(jira: GuardedJira) -> int:
    """Send one write under a permit."""
    with jira.gate.permit("w1"):
        return ask(jira, RANK, b'{"issues": ["10001", "10002"], "rankBeforeIssue": "10003"}')


@pytest.mark.parametrize("call", [GET, SEARCH], ids=["GET", "read-style POST"])
@pytest.mark.parametrize("fault", BROKEN.values(), ids=BROKEN.keys())
def test_a_read_survives_what_passes(
    server: FaultServer, jira: GuardedJira, call: tuple[str, str], fault: Behaviour
) -> None:
    """A read that failed three times in a passing way is answered by its fourth try."""
    server.behave(fault, fault, fault, answer(200, '{"ok": true}'))
    assert ask(jira, call) == 200
    assert len(server.seen) == 4


@pytest.mark.parametrize("fault", BROKEN.values(), ids=BROKEN.keys())
def test_a_read_gives_up_after_four_tries(
    server: FaultServer, jira: GuardedJira, fault: Behaviour
) -> None:
    """When it does not pass, the error says so after the fourth request."""
    server.otherwise = fault
    with pytest.raises(RemoteDownError) as caught:
        ask(jira, GET)
    assert len(server.seen) == 4
    assert caught.value.applied is False
    assert caught.value.exit_code == 75


@pytest.mark.parametrize(
    "fault",
    [
        *BROKEN.values(),
        reset(applied=True),
        hang(applied=True),
        answer(500, '{"errorMessages": ["Internal server error"]}'),
    ],
    ids=[*BROKEN, "applied, then reset", "applied, then silence", "500"],
)
def test_a_write_is_never_repeated_when_its_effect_is_unknown(
    server: FaultServer, jira: GuardedJira, fault: Behaviour
) -> None:
    """Exactly one request reaches the server, and the error says that nobody can know."""
    server.behave(fault)
    with pytest.raises(RemoteDownError) as caught:
        write(jira)
    assert len(server.seen) == 1
    assert caught.value.applied is None


def test_a_500_on_a_read_is_told_at_once(server: FaultServer, jira: GuardedJira) -> None:
    """500 is no passing answer: it is not asked again."""
    server.otherwise = answer(500, "{}")
    with pytest.raises(RemoteDownError) as caught:
        ask(jira, GET)
    assert (len(server.seen), caught.value.status) == (1, 500)


def test_a_refused_connection_leaves_a_write_certainly_unapplied() -> None:
    """Where no connection was ever made, a write had no effect, and the error knows."""
    with FaultServer() as gone:
        jira = guarded_jira(gone.url)
    with pytest.raises(RemoteDownError) as caught:
        write(jira)
    assert caught.value.applied is False
    assert caught.value.status == 0


@pytest.mark.parametrize("status", REFUSED)
def test_each_refusal_has_its_error(server: FaultServer, jira: GuardedJira, status: int) -> None:
    """A 4xx is sent once, raised as the error of its meaning, and carries the site's words."""
    server.otherwise = answer(status, {"errorMessages": ["The value 'X' is odd."], "errors": {}})
    with pytest.raises(REFUSED[status]) as caught:
        write(jira)
    assert (len(server.seen), caught.value.status, caught.value.applied) == (1, status, False)
    assert "The value 'X' is odd." in caught.value.excerpt


def test_a_400_about_the_version_is_a_conflict(server: FaultServer, jira: GuardedJira) -> None:
    """Some sites tell a stale version as 400; that is the same as 409."""
    said = "Version must be incremented on update. Current Version is: 7"
    server.otherwise = answer(400, {"errors": [{"title": said}]})
    with pytest.raises(ConflictError):
        ask(jira, GET)


@pytest.mark.parametrize("call", [GET, SEARCH], ids=["GET", "search"])
def test_a_login_page_with_200_is_not_an_empty_answer(
    server: FaultServer, jira: GuardedJira, call: tuple[str, str]
) -> None:
    """HTML where JSON is expected means that nobody is logged in; it is asked once only."""
    server.otherwise = answer(200, LOGIN, **HTML)
    with pytest.raises(AuthenticationError, match="login page") as caught:
        ask(jira, call)
    assert len(server.seen) == 1
    assert caught.value.cure
    assert caught.value.excerpt == "Log in Log in to Jira"


def test_a_login_page_without_content_type_is_recognised(
    server: FaultServer, jira: GuardedJira
) -> None:
    """A page that does not say what it is, is looked at."""
    server.otherwise = answer(200, LOGIN, Content_Type="")
    with pytest.raises(AuthenticationError, match="login page"):
        ask(jira, GET)


@pytest.mark.parametrize(("body", "kind"), [("", "application/json"), ("hello", "text/plain")])
def test_an_answer_that_is_no_json_is_unexpected(
    server: FaultServer, jira: GuardedJira, body: str, kind: str
) -> None:
    """Plain text is never taken for data."""
    if not body:
        kind = "text/plain"
    server.otherwise = answer(200, body, Content_Type=kind)
    with pytest.raises(UnexpectedAnswerError, match="where JSON is expected"):
        ask(jira, GET)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(server: FaultServer, jira: GuardedJira, status: int) -> None:
    """A redirect would turn a write into a read, or send the token elsewhere."""
    server.otherwise = answer(status, "", Location="http://127.0.0.1:9/elsewhere?token=abc")
    with pytest.raises(UnexpectedAnswerError, match="elsewhere") as caught:
        write(jira)
    assert len(server.seen) == 1
    assert "token=abc" not in str(caught.value)


@pytest.mark.parametrize(
    "target",
    ["/login.jsp?os_destination=%2F", "https://id.atlassian.com/login", "https://sso.corp/saml"],
)
def test_a_redirect_to_a_login_page_is_about_credentials(
    server: FaultServer, jira: GuardedJira, target: str
) -> None:
    """A single sign-on that steps in between is an authentication error with its cure."""
    server.otherwise = answer(302, "", Location=target)
    with pytest.raises(AuthenticationError, match="login page"):
        ask(jira, GET)


@pytest.mark.parametrize(
    "header",
    [
        {"X_Seraph_LoginReason": "AUTHENTICATION_DENIED"},
        {"X_Authentication_Denied_Reason": "CAPTCHA_CHALLENGE; login-url=https://x/login.jsp"},
    ],
    ids=["Seraph", "denied reason"],
)
@pytest.mark.parametrize("status", [200, 401, 403])
def test_a_captcha_stops_all_further_requests(
    server: FaultServer, jira: GuardedJira, header: dict[str, str], status: int
) -> None:
    """Every further try would feed the counter, so this session makes none."""
    server.behave(answer(status, "{}", **header))
    with pytest.raises(AuthenticationError, match="CAPTCHA"):
        ask(jira, GET)
    for call in (GET, SEARCH):
        with pytest.raises(AuthenticationError, match="not asked again"):
            ask(jira, call)
    assert len(server.seen) == 1


WAITS: dict[str, tuple[dict[str, str], float]] = {
    "seconds": ({"Retry_After": "7"}, 7.0),
    "a fraction": ({"Retry_After": "7.5"}, 7.5),
    "zero": ({"Retry_After": "0"}, 1.0),
    "nothing": ({}, 1.0),
    "nonsense": ({"Retry_After": "soon"}, 1.0),
    "a date": (
        {"Retry_After": format_datetime(datetime(2026, 11, 20, 12, 0, 9, tzinfo=UTC), usegmt=True)},
        9.0,
    ),
    "a reset time": ({"X_RateLimit_Reset": "2026-11-20T12:00:05Z"}, 5.0),
}


@pytest.mark.parametrize(("headers", "least"), WAITS.values(), ids=WAITS.keys())
def test_retry_after_is_a_minimum(
    server: FaultServer, jira: GuardedJira, headers: dict[str, str], least: float
) -> None:
    """However the site says how long, no less is waited, and not much more."""
    server.behave(answer(429, "{}", **headers))
    assert ask(jira, GET) == 200
    assert least <= jira.clock.slept <= least + 0.5
    assert len(server.seen) == 2


def test_a_write_is_repeated_after_429(server: FaultServer, jira: GuardedJira) -> None:
    """429 says that nothing was applied, so the write goes out again, and is applied once."""
    server.behave(answer(429, "{}", Retry_After="2"), answer(204, ""))
    assert write(jira) == 204
    assert (len(server.seen), len(server.applied)) == (2, 1)


def test_a_429_that_stays_ends_as_rate_limited(server: FaultServer, jira: GuardedJira) -> None:
    """After four tries the error carries what the site asked for and why."""
    server.otherwise = answer(
        429, "<html>slow down</html>", Retry_After="3", RateLimit_Reason="jira-burst-based", **HTML
    )
    with pytest.raises(RateLimitedError) as caught:
        write(jira)
    assert len(server.seen) == 4
    assert (caught.value.retry_after_s, caught.value.reason) == (3.0, "jira-burst-based")
    assert caught.value.applied is False


def test_nobody_waits_longer_than_the_budget(server: FaultServer, jira: GuardedJira) -> None:
    """A pause of an hour is not slept through: the run ends and says when to come back."""
    server.otherwise = answer(429, "{}", Retry_After="3600", RateLimit_Reason="jira-burst-based")
    with pytest.raises(RateLimitedError) as caught:
        ask(jira, GET)
    assert (len(server.seen), caught.value.retry_after_s) == (1, 3600.0)
    assert jira.clock.slept == 0.0


def test_a_pause_outlives_the_request_that_met_it(server: FaultServer, jira: GuardedJira) -> None:
    """While the site's pause lasts, the next request of the kind is not even sent."""
    server.behave(answer(429, "{}", Retry_After="3600", RateLimit_Reason="jira-burst-based"))
    for _ in range(2):
        with pytest.raises(RateLimitedError):
            ask(jira, GET)
    assert len(server.seen) == 1
    assert ask(jira, SEARCH) == 200


REASONS = {
    "jira-burst-based": {"same": False, "other": True},
    "jira-quota-tenant-based": {"same": False, "other": False},
    "jira-quota-global-based": {"same": False, "other": False},
}


@pytest.mark.parametrize(("reason", "open_after"), REASONS.items())
def test_each_reason_stops_what_it_concerns(
    server: FaultServer, jira: GuardedJira, reason: str, open_after: dict[str, bool]
) -> None:
    """A burst stops one endpoint, a quota everything."""
    server.behave(answer(429, "{}", Retry_After="600", RateLimit_Reason=reason))
    with pytest.raises(RateLimitedError):
        ask(jira, GET)
    assert _goes_out(jira, GET) is open_after["same"]
    assert _goes_out(jira, SEARCH) is open_after["other"]


def _goes_out(jira: GuardedJira, call: tuple[str, str]) -> bool:
    try:
        return ask(jira, call) == 200
    except RateLimitedError:
        return False


def test_a_per_issue_limit_spares_other_issues(server: FaultServer, jira: GuardedJira) -> None:
    """After a per-issue limit the issues of that call wait; others are ranked."""
    refusal = answer(429, "{}", Retry_After="600", RateLimit_Reason="jira-per-issue-on-write")
    server.behave(refusal, answer(204, ""))
    with pytest.raises(RateLimitedError):
        write(jira)
    with jira.gate.permit("w2"):
        assert ask(jira, RANK, b'{"issues": ["10009"], "rankBeforeIssue": "10003"}') == 204
    with pytest.raises(RateLimitedError):
        write(jira)
    assert len(server.seen) == 2


def test_a_503_with_retry_after_is_waited_for(server: FaultServer, jira: GuardedJira) -> None:
    """Maintenance says how long it takes; a read obeys."""
    server.behave(answer(503, "{}", Retry_After="11"))
    assert ask(jira, GET) == 200
    assert 11.0 <= jira.clock.slept <= 11.5


def test_pauses_are_drawn_and_grow(server: FaultServer) -> None:
    """Without a word from the site the pauses stay below their doubling bounds."""
    jira = guarded_jira(server.url, patience=Patience(tries=4, base_s=2.0, cap_s=5.0))
    server.otherwise = reset()
    with pytest.raises(RemoteDownError):
        ask(jira, GET)
    assert 0.0 < jira.clock.slept <= 2.0 + 4.0 + 5.0


def test_nothing_is_written_without_a_permit(server: FaultServer, jira: GuardedJira) -> None:
    """A write outside a permit does not reach the wire."""
    with pytest.raises(ReadOnlyError):
        ask(jira, RANK, b"{}")
    assert server.seen == []


def test_read_only_stops_writes_and_lets_reads_through(server: FaultServer) -> None:
    """With the switch on, no permit can be had, and reading goes on."""
    jira = guarded_jira(server.url, read_only=True)
    with pytest.raises(ReadOnlyError), jira.gate.permit("w1"):
        pytest.fail("a permit was given")
    assert ask(jira, GET) == 200
    assert len(server.seen) == 1


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
def test_a_call_outside_the_table_is_refused_even_with_a_permit(
    server: FaultServer, jira: GuardedJira, method: str
) -> None:
    """What nobody looked up is never sent."""
    with jira.gate.permit("w1"), pytest.raises(RequestRefusedError, match="endpoint table"):
        ask(jira, (method, "/rest/api/3/issue/10001/transitions"))
    assert server.seen == []


def test_nothing_goes_to_another_place(server: FaultServer, jira: GuardedJira) -> None:
    """Another port, scheme or user part is refused before anything is sent."""
    with FaultServer() as other:
        moved = [
            other.url,
            server.url.replace("http:", "https:"),
            server.url.replace("127.0.0.1", "localhost"),
        ]
        for base in moved:
            with pytest.raises(RequestRefusedError, match="spoken to"):
                jira.client._session.get(base + GET[1])
        assert other.seen == server.seen == []


def test_errors_show_no_query_and_no_secret(server: FaultServer, jira: GuardedJira) -> None:
    """Neither text nor cause chain holds the query or the token, whatever the site echoes."""
    echo = {"message": f"bad token {TOKEN}", "x": "y" * 2000}
    for fault in (answer(400, echo), reset(), hang()):
        server.otherwise = fault
        with pytest.raises(RemoteError) as caught:
            jira.client._session.get(jira.base + GET[1], params={"expand": "very-private"})
        told = f"{caught.value} {caught.value.excerpt} {caught.value.__cause__}"
        assert "very-private" not in told
        assert TOKEN not in told
        assert len(caught.value.excerpt) <= 300
        assert caught.value.__cause__ is not None


def test_control_characters_of_an_answer_stay_out_of_errors(
    server: FaultServer, jira: GuardedJira
) -> None:
    """An answer cannot write lines or colours into a log through an error's text."""
    server.otherwise = answer(400, {"errorMessages": ["ok\nERROR fake \x1b[2J"]})
    with pytest.raises(RequestRefusedError) as caught:
        ask(jira, GET)
    assert "\x1b" not in str(caught.value)
    assert "\nERROR" not in str(caught.value)


def test_every_request_is_recorded(server: FaultServer, jira: GuardedJira) -> None:
    """The record has each try with its endpoint, status and permit, and no address."""
    server.behave(answer(503, "{}"), reset(), answer(200, '{"a": 1}'), answer(204, ""))
    ask(jira, GET)
    write(jira)
    told = [(r.endpoint, r.status, r.bytes, r.write_id) for r in jira.guard.record.latest()]
    assert told == [
        ("account", 503, 2, ""),
        ("account", 0, 0, ""),
        ("account", 200, 8, ""),
        ("rank", 204, 0, "w1"),
    ]


def test_who_is_asking(server: FaultServer, jira: GuardedJira) -> None:
    """Requests carry our name and the credentials of the configuration, nobody else's."""
    ask(jira, GET)
    headers = server.seen[0].headers
    assert headers["User-Agent"].startswith("pmsync/")
    assert headers["Authorization"].startswith("Basic ")


def test_a_pause_ends(server: FaultServer, jira: GuardedJira) -> None:
    """When the site's pause is over, requests go out again."""
    server.behave(answer(429, "{}", Retry_After="600", RateLimit_Reason="jira-burst-based"))
    with pytest.raises(RateLimitedError):
        ask(jira, GET)
    jira.clock.sleep(timedelta(minutes=10, seconds=5).total_seconds())
    assert ask(jira, GET) == 200
