"""Builds the ``atlassian`` client under the guard. Import it late: that library is slow to load."""

from atlassian.rest_client import AtlassianRestAPI
from requests import Session

from pmsync.transport.adapter import Guard
from pmsync.transport.sessions import Access, put_under_guard


def rest_client(access: Access, guard: Guard) -> AtlassianRestAPI:
    """Return a client that retries nothing itself.

    Use ``client.request(method, path, params=…, json=…, advanced_mode=True)``: it returns the
    checked answer, and every failure is an error of :mod:`pmsync.core.errors` already.

    Raises:
        UsageError: The address is plain http to another machine.
    """
    session = Session()
    put_under_guard(session, access, guard)
    return AtlassianRestAPI(
        access.target.base_url,
        session=session,
        timeout=int(access.target.read_s),
        advanced_mode=True,
        backoff_and_retry=False,
        retry_with_header=False,
    )
