"""The transport against a server that breaks in TLS: before the request, and after all of it."""

import http.client
import socket
from collections.abc import Iterator

import pytest
from fault_server import FaultServer, answer, bad_record, reset
from guarded_jira import GuardedJira, guarded_jira
from self_made_tls import SelfMade, self_made

from pmsync.core.errors import RemoteDownError, UnexpectedAnswerError

GET = ("GET", "/rest/api/3/myself")
RANK = ("PUT", "/rest/agile/1.0/issue/rank")
BODY = b'{"issues": ["10001", "10002"], "rankBeforeIssue": "10003"}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"

BREAKS = {
    "instead of an answer": bad_record(),
    "in the middle of an answer": bad_record(after=HEAD),
    "reset": reset(applied=True),
}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> SelfMade:
    """A certificate for the server's address."""
    return self_made(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server(certificate: SelfMade) -> Iterator[FaultServer]:
    """The misbehaving server, over TLS."""
    with FaultServer(tls=certificate.context) as faults:
        yield faults


@pytest.fixture
def jira(server: FaultServer, certificate: SelfMade) -> GuardedJira:
    """A client that trusts it, and sleeps without waiting."""
    return guarded_jira(server.url, read_s=2, ca_bundle=certificate.trusted)


def ask(jira: GuardedJira) -> int:
    """Send one read and return the answer's status."""
    return jira.client._session.request(GET[0], jira.base + GET[1]).status_code


def write(jira: GuardedJira) -> int:
    """Send one write under a permit."""
    with jira.gate.permit("w1"):
        return jira.client._session.request(RANK[0], jira.base + RANK[1], data=BODY).status_code


def test_a_trusted_certificate_is_spoken_to(server: FaultServer, jira: GuardedJira) -> None:
    """The server of these tests is one that works when it does not misbehave."""
    assert (ask(jira), write(jira)) == (200, 200)
    assert [seen.body for seen in server.applied] == [b"", BODY]


@pytest.mark.parametrize("fault", BREAKS)
def test_a_write_that_breaks_in_tls_after_it_was_sent_is_unknown(
    server: FaultServer, jira: GuardedJira, fault: str
) -> None:
    """The server took all of it: to say "not applied" would be a lie, to repeat it a risk."""
    server.behave(BREAKS[fault])
    with pytest.raises(RemoteDownError) as caught:
        write(jira)
    assert [seen.body for seen in server.applied] == [BODY]
    assert len(server.seen) == 1
    assert caught.value.applied is None
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("fault", BREAKS)
def test_a_read_that_breaks_in_tls_is_tried_again(
    server: FaultServer, jira: GuardedJira, fault: str
) -> None:
    """A broken record is a broken connection: it passes."""
    server.behave(*[BREAKS[fault]] * 3)
    assert ask(jira) == 200
    assert len(server.seen) == 4


def test_a_read_that_keeps_breaking_in_tls_ends(server: FaultServer, jira: GuardedJira) -> None:
    """After four tries the error says what broke, and that nothing was changed."""
    server.otherwise = bad_record()
    with pytest.raises(RemoteDownError, match="bad record") as caught:
        ask(jira)
    assert (len(server.seen), caught.value.applied) == (4, False)


def test_an_untrusted_certificate_leaves_a_write_certainly_unapplied(server: FaultServer) -> None:
    """No request goes to who cannot prove who it is; it is told once, with the cure."""
    with pytest.raises(UnexpectedAnswerError, match="no trusted TLS connection") as caught:
        write(guarded_jira(server.url))
    assert (server.seen, server.connections) == ([], 1)
    assert caught.value.applied is False
    assert "ca_bundle" in caught.value.cure
    assert "CERTIFICATE_VERIFY_FAILED" in str(caught.value.__cause__)


def test_a_certificate_for_another_address_is_not_trusted(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A trusted certificate of somebody else proves nothing."""
    other = self_made(tmp_path_factory.mktemp("other"), address="127.0.0.2")
    with (
        FaultServer(tls=other.context) as server,
        pytest.raises(UnexpectedAnswerError, match="no trusted TLS") as caught,
    ):
        write(guarded_jira(server.url, ca_bundle=other.trusted))
    assert (server.seen, caught.value.applied) == ([], False)


def test_a_site_that_speaks_no_tls_leaves_a_write_unapplied() -> None:
    """Plain http behind an https address: the handshake fails, nothing was sent."""
    with FaultServer(greet=_plain_text) as server:
        jira = guarded_jira(server.url.replace("http:", "https:"))
        with pytest.raises(UnexpectedAnswerError, match="no trusted TLS") as caught:
            write(jira)
    assert (server.connections, caught.value.applied) == (1, False)


def _plain_text(wire: socket.socket) -> bool:
    wire.recv(4096)
    wire.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    return True


def _close(wire: socket.socket) -> bool:
    wire.recv(4096)
    return True


def _silence(wire: socket.socket) -> bool:
    wire.recv(4096)
    wire.recv(4096)  # until the client gives up
    return True


CUTS = {"closed": _close, "silent": _silence}


@pytest.mark.parametrize("cut", CUTS)
def test_a_handshake_that_breaks_off_leaves_a_write_unapplied(cut: str) -> None:
    """A site that goes away while we shake hands has seen nothing of the request."""
    with FaultServer(greet=CUTS[cut]) as server:
        jira = guarded_jira(server.url.replace("http:", "https:"), connect_s=0.2)
        with pytest.raises(RemoteDownError) as caught:
            write(jira)
    assert (server.connections, caught.value.applied) == (1, False)


@pytest.mark.parametrize("cut", CUTS)
def test_a_handshake_that_breaks_off_is_tried_again_for_a_read(cut: str) -> None:
    """It passes like every connection that fails; the error comes after the fourth try."""
    with FaultServer(greet=CUTS[cut]) as server:
        jira = guarded_jira(server.url.replace("http:", "https:"), connect_s=0.2)
        with pytest.raises(RemoteDownError):
            ask(jira)
    assert server.connections == 4


def test_a_proxy_that_refuses_the_tunnel_leaves_a_write_unapplied() -> None:
    """A request that did not get past the proxy reached nobody."""
    with FaultServer(otherwise=answer(403, "no")) as proxy:
        jira = guarded_jira("https://127.0.0.1:9", proxies={"https": proxy.url})
        with pytest.raises(RemoteDownError) as caught:
            write(jira)
    assert [seen.method for seen in proxy.seen] == ["CONNECT"]
    assert caught.value.applied is False


@pytest.mark.parametrize("way", ["tls", "plain", "proxy"])
def test_the_debug_switch_of_http_client_prints_no_credentials(
    certificate: SelfMade,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    way: str,
) -> None:
    """It prints requests to stdout, past every log filter; our connections do not know it."""
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    with FaultServer(tls=certificate.context if way == "tls" else None) as server:
        jira = guarded_jira(
            "http://localhost:9" if way == "proxy" else server.url,
            ca_bundle=certificate.trusted,
            proxies={"http": server.url} if way == "proxy" else {},
        )
        assert (ask(jira), write(jira)) == (200, 200)
        assert len(server.seen) == 2
    assert capfd.readouterr().out == ""
