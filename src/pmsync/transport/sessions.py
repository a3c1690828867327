"""How a session, of either client library, comes under the guard."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from requests import PreparedRequest, Session
from requests.auth import AuthBase
from requests.utils import get_environ_proxies
from typing_extensions import override

from pmsync import __version__
from pmsync.core.errors import UsageError
from pmsync.transport.adapter import Guard, GuardedAdapter, Target

USER_AGENT = f"pmsync/{__version__}"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A target with what it takes to be let in.

    Attributes:
        account: E-mail address; empty when *token* is a bearer token.
        token: API token or password.
        ca_bundle: File or directory with trusted certificates; None: those of certifi.
        proxies: ``{scheme: proxy address}``; None: what the environment names for the target.
        connections: Requests in flight at once.
    """

    target: Target
    account: str
    token: str = field(repr=False)
    ca_bundle: str | None = None
    proxies: Mapping[str, str] | None = None
    connections: int = 8


class Credentials(AuthBase):
    """Sets the header itself: requests would encode names as Latin-1 and look into ``.netrc``."""

    def __init__(self, account: str, token: str) -> None:
        if account:
            self._value = "Basic " + b64encode(f"{account}:{token}".encode()).decode()
        else:
            self._value = f"Bearer {token}"

    @override
    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        r.headers["Authorization"] = self._value
        return r


def put_under_guard(session: Session, access: Access, guard: Guard) -> GuardedAdapter:
    """Make the guarded adapter the session's only one, and set who we are.

    Nothing of the environment reaches the session unseen (``trust_env``): a ``.netrc`` entry
    would replace the credentials, ``REQUESTS_CA_BUNDLE`` the certificates.

    Raises:
        UsageError: The address is plain http to another machine.
    """
    target = access.target
    parts = urlsplit(target.base_url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        what = "the token would travel unencrypted"
        raise UsageError(what, where=target.base_url, cure="write https://")
    guard.redactor.add(access.token)
    adapter = GuardedAdapter(target, guard, connections=access.connections)
    session.adapters.clear()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.trust_env = False
    session.auth = Credentials(access.account, access.token)
    session.verify = access.ca_bundle or True
    named = get_environ_proxies(target.base_url) if access.proxies is None else access.proxies
    session.proxies = dict(named)
    session.headers["User-Agent"] = USER_AGENT
    return adapter
