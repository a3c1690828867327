"""How sessions come under the guard: credentials, certificates, proxies, the environment."""

import base64
from pathlib import Path

import pytest
import requests
import responses
from guarded_jira import ACCOUNT, TOKEN, guarded_jira
from guarded_wiki import QuickClock

from pmsync.core.errors import UnexpectedAnswerError, UsageError
from pmsync.transport.adapter import Guard, GuardedAdapter, Target
from pmsync.transport.budget import RateBudget
from pmsync.transport.gate import Gate
from pmsync.transport.rest_client import rest_client
from pmsync.transport.sessions import Access, put_under_guard

BASE = "https://acme.test"


def guard() -> Guard:
    """A guard of its own."""
    clock = QuickClock()
    return Guard(clock=clock, gate=Gate(), budget=RateBudget(clock))


def access(base: str = BASE, account: str = ACCOUNT, **more: object) -> Access:
    """Access to Jira at *base*."""
    target = Target(site="acme", product="jira", base_url=base)
    plain = Access(target=target, account=account, token=TOKEN, proxies={})
    return Access(**{**{name: getattr(plain, name) for name in plain.__slots__}, **more})


def guarded_session(**more: object) -> requests.Session:
    """A plain session under the guard."""
    session = requests.Session()
    put_under_guard(session, access(**more), guard())  # type: ignore[arg-type] # any of Access
    return session


@pytest.mark.parametrize(
    ("account", "header"),
    [
        (ACCOUNT, "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()),
        ("zoë@acme.test", "Basic " + base64.b64encode(f"zoë@acme.test:{TOKEN}".encode()).decode()),
        ("", f"Bearer {TOKEN}"),
    ],
    ids=["e-mail", "not ASCII", "no account"],
)
def test_credentials_are_sent_as_configured(account: str, header: str) -> None:
    """With an account it is Basic authentication in UTF-8, without one a bearer token."""
    with responses.RequestsMock() as site:
        site.get(f"{BASE}/rest/api/3/myself", json={})
        guarded_session(account=account).get(f"{BASE}/rest/api/3/myself")
        assert site.calls[0].request.headers["Authorization"] == header


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither ``.netrc`` nor certificate or proxy variables reach a session that names its own."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine acme.test login eve password stolen\n", "utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    monkeypatch.setenv("HTTPS_PROXY", "http://eve.test:1")
    session = guarded_session()
    prepared = session.prepare_request(requests.Request("GET", f"{BASE}/rest/api/3/myself"))
    assert "stolen" not in base64.b64decode(prepared.headers["Authorization"][6:]).decode()
    settings = session.merge_environment_settings(prepared.url, {}, None, None, None)
    assert settings["verify"] is True
    assert not settings["proxies"]


def test_the_environments_proxies_are_used_where_none_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A company's proxy works without configuration, and its exceptions hold."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.corp:3128")
    monkeypatch.setenv("NO_PROXY", "inside.test")
    assert guarded_session(proxies=None).proxies["https"] == "http://proxy.corp:3128"
    assert guarded_session(base="https://inside.test", proxies=None).proxies == {}


def test_the_certificates_are_the_configured_ones() -> None:
    """A company's bundle is used; there is no way to switch the check off."""
    assert guarded_session(ca_bundle="/etc/corp.pem").verify == "/etc/corp.pem"
    assert guarded_session().verify is True


def test_a_missing_bundle_is_told(tmp_path: Path) -> None:
    """A bundle that is not there is an error in words, and nothing is sent."""
    session = guarded_session(ca_bundle=str(tmp_path / "missing.pem"))
    with pytest.raises(UnexpectedAnswerError, match=r"missing\.pem"):
        session.get(f"{BASE}/rest/api/3/myself")


@pytest.mark.parametrize("base", ["http://acme.test", "http://10.0.0.7:8080", "ftp://acme.test"])
def test_a_token_does_not_travel_unencrypted(base: str) -> None:
    """Plain http is for this machine only."""
    with pytest.raises(UsageError, match="unencrypted"):
        guarded_session(base=base)


@pytest.mark.parametrize("base", ["http://127.0.0.1:8700", "http://localhost:1", "http://[::1]:1"])
def test_the_sandbox_may_be_plain_http(base: str) -> None:
    """Loopback addresses are let through."""
    assert guarded_session(base=base).trust_env is False


def test_the_guard_is_the_only_way_out() -> None:
    """No other adapter is left in either client's session."""
    rest = rest_client(access(f"{BASE}/wiki"), guard())
    for session in (guarded_jira(BASE).client._session, rest.session):
        assert {type(adapter) for adapter in session.adapters.values()} == {GuardedAdapter}


def test_the_clients_retry_nothing_themselves() -> None:
    """Both libraries' own retry loops, which repeat writes, are off."""
    assert guarded_jira(BASE).client._session.max_retries == 0
    rest = rest_client(access(f"{BASE}/wiki"), guard())
    assert (rest.backoff_and_retry, rest.retry_with_header) == (False, False)


def test_the_token_is_redacted_and_not_shown() -> None:
    """Building a session teaches the redactor its token, and no representation holds it."""
    mine = guard()
    put_under_guard(requests.Session(), access(), mine)
    assert TOKEN not in mine.redactor.clean(f"token {TOKEN}")
    assert TOKEN not in repr(access())


def test_a_gateway_path_is_part_of_the_address() -> None:
    """With a scoped token's gateway, only paths below its prefix are reachable."""
    base = "https://api.atlassian.test/ex/jira/cloud-1"
    session = guarded_session(base=base)
    with responses.RequestsMock() as site:
        site.get(f"{base}/rest/api/3/myself", json={})
        assert session.get(f"{base}/rest/api/3/myself").status_code == 200
    with pytest.raises(Exception, match="spoken to"):
        session.get("https://api.atlassian.test/ex/jira/cloud-2/rest/api/3/myself")
