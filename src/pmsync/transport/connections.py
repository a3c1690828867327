"""Connections that tell whether a request was begun, and that never print what they send."""

import ssl
from typing import Any

from typing_extensions import override
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection
from urllib3.exceptions import SSLError as WireSSLError

_CUT_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)


class NotConnectedError(OSError):
    """There was no connection yet: nothing of the request was sent."""


class UntrustedError(ssl.SSLError):
    """Client and site did not agree on TLS: nothing of the request was sent."""


class _Connection(HTTPConnection):
    """What every connection of ours does; see ``guard_connections``.

    ``http.client`` prints whole requests, with their credentials, to stdout while its
    ``debuglevel`` is set; it reads the attribute, which here is always 0.
    """

    debuglevel = 0

    @override
    def connect(self) -> None:
        """Connect, and shake hands; failures say that the request had not begun.

        Raises:
            UntrustedError: The handshake failed, or the certificate is not trusted.
            NotConnectedError: The connection, or a proxy's, broke off before that was done.
        """
        try:
            super().connect()
        except _CUT_OFF as error:
            raise NotConnectedError(_words(error)) from error
        except (ssl.SSLError, WireSSLError) as error:
            raise UntrustedError(_words(error)) from error
        except OSError as error:
            raise NotConnectedError(_words(error)) from error

    @override
    def set_debuglevel(self, level: int) -> None:
        """Do nothing: see the class."""


def guard_connections(manager: PoolManager) -> None:
    """Make *manager* open connections of ours only, whichever kinds of its own it would open."""
    manager.pool_classes_by_scheme = {
        scheme: _guarded(pool) for scheme, pool in manager.pool_classes_by_scheme.items()
    }


def _guarded(pool: type[Any]) -> type[Any]:
    connection = type("GuardedConnection", (_Connection, pool.ConnectionCls), {})
    return type("GuardedPool", (pool,), {"ConnectionCls": connection})


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
