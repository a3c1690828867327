"""Builds the ``jira`` client under the guard. Import it late: that library is slow to load."""

from jira import JIRA

from pmsync.transport.adapter import Guard
from pmsync.transport.sessions import Access, put_under_guard


def jira_client(access: Access, guard: Guard) -> JIRA:
    """Return a client that has asked nothing yet and retries nothing itself.

    The client is used as a thin transport; keep it as long as its session is used, for it
    closes the session when it goes.

    Raises:
        UsageError: The address is plain http to another machine.
    """
    target = access.target
    client = JIRA(
        server=target.base_url,
        options={"rest_api_version": "3", "check_update": False},
        get_server_info=False,
        max_retries=0,
        timeout=(target.connect_s, target.read_s),
    )
    put_under_guard(client._session, access, guard)  # noqa: SLF001 - JIRA takes no session
    return client
