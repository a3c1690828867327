"""The sandbox's Confluence Cloud as the server holds it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pmsync.sandbox.confluence import humans
from pmsync.sandbox.confluence.seeding import found_site
from pmsync.sandbox.confluence.site import Site


class ConfluenceState(Site):
    """A site with its first spaces, and with people on it.

    Args:
        now: The site's clock; aware.
        account: Whose token the API calls carry, as Jira's ``myself`` shows it: ``accountId``,
            ``displayName``, ``emailAddress``.
    """

    def __init__(self, now: Callable[[], datetime], account: dict[str, Any]) -> None:
        super().__init__(now, account)
        found_site(self)

    def snapshot(self) -> dict[str, Any]:
        """All that a test wants to know.

        Returns:
            ``spaces`` (id, key, name, homepageId), ``pages`` (id, title, version, status, body,
            comments, spaceKey, parentId, labels, properties, attachments; newest version only, in
            order of creation) and ``notifications`` (one entry a mail).
        """
        with self.lock:
            return humans.snapshot(self)

    def human(self, action: dict[str, Any]) -> dict[str, Any]:
        """Do what a person does in the browser.

        Args:
            action: ``do`` and its arguments; ``humans`` lists them.

        Returns:
            What came of it: at least ``page`` (id) and ``version``.

        Raises:
            ValueError: An unknown deed, a page that is not there, a text that is not on it.
        """
        with self.lock:
            return humans.act(self, action)
