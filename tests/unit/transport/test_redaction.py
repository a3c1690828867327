"""No secret in a log record, whoever writes it, in whatever form it is sent."""

import base64
import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

import pytest
from fault_server import FaultServer, answer
from guarded_jira import ACCOUNT, TOKEN, guarded_jira
from guarded_wiki import guarded_wiki
from hypothesis import given
from hypothesis import strategies as st

from pmsync.transport.redact import MARK, Redactor

SECRET = "pa55/w+rd =Ünï"  # noqa: S105 - nobody's


@pytest.fixture
def redactor() -> Iterator[Redactor]:
    """An installed redactor; logging is put back afterwards."""
    factory, hook, thread_hook = logging.getLogRecordFactory(), sys.excepthook, threading.excepthook
    installed = Redactor([SECRET, TOKEN])
    installed.install()
    yield installed
    logging.setLogRecordFactory(factory)
    sys.excepthook, threading.excepthook = hook, thread_hook
    for handler in logging.getLogger().handlers:
        handler.removeFilter(installed)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a plain handler at the root writes, at every level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


FORMS = {
    "plain": SECRET,
    "URL": quote(SECRET, safe=""),
    "form": quote_plus(SECRET),
    "JSON": json.dumps(SECRET),
    "JSON of another kind": json.dumps(SECRET).replace("/", r"\/"),
    "repr": repr(SECRET),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "URL-safe base64": base64.urlsafe_b64encode(SECRET.encode()).decode(),
    "Basic": base64.b64encode(f"bot@acme.test:{SECRET}".encode()).decode(),
    "Basic, other user": base64.b64encode(f"b:{SECRET}".encode()).decode(),
    "Basic, third user": base64.b64encode(f"bb:{SECRET}".encode()).decode(),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_secret_is_found_in_every_form(form: str) -> None:
    """However the secret is encoded, nothing of it stays."""
    told = Redactor([SECRET]).clean(f"before {form} after")
    assert MARK in told
    assert form not in told
    assert told.startswith("before ")
    assert told.endswith(" after")


@given(
    st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=8, max_size=40),
    st.text("ABCDEFÄÖ€@.", max_size=12),
)
def test_no_token_survives_basic_authentication(token: str, account: str) -> None:
    """For any account before it, the token's letters are gone from the encoded header."""
    header = base64.b64encode(f"{account}:{token}".encode()).decode()
    told = Redactor([token]).clean(f"x {header} y")
    kept = told.removeprefix("x ").removesuffix(" y").replace(MARK, "")
    decoded = base64.b64decode(kept[: len(kept) // 4 * 4])
    assert not set(token.encode()) & set(decoded)


@pytest.mark.parametrize(
    "line",
    [
        "Authorization: Basic Ym90OnVua25vd24tc2VjcmV0",
        "-H 'Authorization: Bearer unknown-secret-value'",
        '{"Authorization": "Basic Ym90OnVua25vd24tc2VjcmV0"}',
        "{'authorization': 'Bearer unknown-secret-value'}",
        "Proxy-Authorization: Basic Ym90OnVua25vd24tc2VjcmV0",
        "sent Bearer unknown-secret-value-A1 today",
        "Cookie: JSESSIONID=unknown-secret-value; x=unknown-secret-value",
        "set-cookie: tenant.session.token=unknown-secret-value",
        "https://bot:unknown-secret-value@proxy.corp:3128/",
        "ATATT3xFfGF0unknown-secret-value_x=1A2B",
    ],
)
def test_what_looks_like_a_secret_is_one(line: str) -> None:
    """Credentials that nobody told us of are taken out by their shape."""
    told = Redactor().clean(line)
    assert "unknown-secret-value" not in told
    assert "Ym90OnVua25vd24tc2VjcmV0" not in told
    assert MARK in told


def test_ordinary_text_stays() -> None:
    """Words that only remind of credentials are left alone."""
    line = "A basic approach works: 12 issues move; authorization is asked of nobody. https://acme.test/x"
    told = Redactor([SECRET, "abc"]).clean(line)
    assert told == line


def test_a_record_is_clean_wherever_the_secret_stood(
    redactor: Redactor, written: io.StringIO
) -> None:
    """Message, arguments, exception and stack are all cleaned, at every level."""
    log = logging.getLogger("somebody.else")
    log.setLevel(logging.DEBUG)
    log.debug("plain " + SECRET)  # noqa: G003 - as careless callers do
    log.info("argument %s and %r", SECRET, {"token": TOKEN})
    log.warning("by name %(secret)s", {"secret": SECRET})
    log.error("not a format %d", SECRET)
    log.critical("stack", stack_info=True)
    try:
        int(SECRET)
    except ValueError:
        log.exception("failed")
    told = written.getvalue()
    assert SECRET not in told
    assert TOKEN not in told
    assert told.count(MARK) >= 5
    assert "Traceback" in told


def test_an_uncaught_exception_is_clean(
    redactor: Redactor, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last words of the process and of a thread hold no secret."""
    error = ValueError(f"token {SECRET}")
    sys.excepthook(ValueError, error, None)
    args = threading.ExceptHookArgs((ValueError, error, None, None))
    threading.excepthook(args)
    told = capsys.readouterr().err
    assert told.count(MARK) == 2
    assert SECRET not in told


def test_both_clients_debug_logs_are_clean(redactor: Redactor, written: io.StringIO) -> None:
    """The libraries log requests and answers at DEBUG; no form of the token is in it."""
    basic = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    with FaultServer() as server:
        server.otherwise = answer(200, {"echo": f"Basic {basic}", "token": TOKEN, "results": []})
        jira = guarded_jira(server.url)
        for name in ("jira", "atlassian", "urllib3", "requests"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        jira.client._session.get(f"{server.url}/rest/api/3/myself")
        guarded_wiki(f"{server.url}/wiki", ACCOUNT, TOKEN).wiki.spaces(["PROD"])
    told = written.getvalue()
    assert "atlassian.rest_client" in told
    assert "urllib3.connectionpool" in told
    assert TOKEN not in told
    assert basic[-20:] not in told


def test_short_secrets_are_not_looked_for() -> None:
    """A three-letter secret would blot out half of every text."""
    assert Redactor(["abc"]).clean("abcdef") == "abcdef"
