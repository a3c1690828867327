"""The composition root: settings become adapters, adapters become a line for each product."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from pmsync import __version__
from pmsync.adapters.clock import SystemClock
from pmsync.config.configuration import Configuration
from pmsync.config.lockfile import lock_path, read_pins, write_pins
from pmsync.config.settings import SiteSettings
from pmsync.config.shipped import templates_dir
from pmsync.core.errors import UsageError
from pmsync.core.rules import Product
from pmsync.pipeline.line import Line
from pmsync.ports import Clock, IssueTracker, Store, Wiki
from pmsync.transport.record import RequestRecord

if TYPE_CHECKING:
    from pmsync.transport.adapter import Target
    from pmsync.transport.sessions import Access

CONNECTIONS = 8


class App:
    """One process's adapters, made when they are first needed and closed together.

    Attributes:
        configuration: What was declared.
        record: Every request the process makes.
    """

    def __init__(self, configuration: Configuration, *, clock: Clock | None = None) -> None:
        from pmsync.transport.adapter import Guard
        from pmsync.transport.budget import RateBudget
        from pmsync.transport.gate import Gate
        from pmsync.transport.redact import Redactor

        self.configuration = configuration
        self.clock = clock or SystemClock()
        self.record = RequestRecord()
        self._gate = Gate(read_only=configuration.read_only)
        self._redactor = Redactor()
        self._redactor.install()
        self._guard = Guard(
            clock=self.clock,
            gate=self._gate,
            budget=RateBudget(self.clock),
            redactor=self._redactor,
            record=self.record,
        )
        self._store: Store | None = None
        self._trackers: dict[str, IssueTracker] = {}
        self._wikis: dict[str, Wiki | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        close = getattr(self._store, "close", None)
        if close:
            close()

    def products(self, chosen: Sequence[str] | None = None) -> tuple[Product, ...]:
        """Return the products *chosen* by id, or all.

        Raises:
            ConfigError: There is no such product.
            UsageError: There are no products at all.
        """
        if chosen:
            return tuple(self.configuration.product(name) for name in chosen)
        if not self.configuration.products:
            what = "the configuration declares no product"
            raise UsageError(what, cure="add a file to the folder products/ beside pmsync.yaml")
        return tuple(self.configuration.products.values())

    @property
    def store(self) -> Store:
        """The store, opened (and upgraded) at first use."""
        if self._store is None:
            from pmsync.adapters.store.sql import open_store

            self._store = open_store(self.configuration.state)
        return self._store

    def line(self, product: Product) -> Line:
        """Return *product*, wired."""
        lock = self._lock(product)
        return Line(
            product=product,
            rules=self.configuration.hash(product),
            browse_url=self.configuration.sites[product.site].jira.rstrip("/"),
            tracker=self.tracker(product.site),
            wiki=self.wiki(product.site) if product.pages or product.release_notes else None,
            store=self.store,
            gate=self._gate,
            clock=self.clock,
            templates=(*self._own_templates(), templates_dir()),
            pins=read_pins(lock),
            keep_pins=lambda pins: write_pins(lock, pins),
            holder=f"{socket.gethostname()}, process {os.getpid()}, {uuid4().hex[:8]}",
            package=__version__,
        )

    def tracker(self, site: str) -> IssueTracker:
        """Return the site's Jira."""
        if site not in self._trackers:
            from pmsync.adapters.jira.tracker import JiraCloud
            from pmsync.transport.adapter import Target
            from pmsync.transport.jira_client import jira_client

            settings = self.configuration.sites[site]
            target = Target(
                site=site, product="jira", base_url=settings.jira_base, read_s=settings.timeout
            )
            client = jira_client(self._access(site, settings, target), self._guard)
            self._trackers[site] = JiraCloud(client, threads=CONNECTIONS)
        return self._trackers[site]

    def wiki(self, site: str) -> Wiki | None:
        """Return the site's Confluence; None if it has none."""
        if site not in self._wikis:
            self._wikis[site] = self._open_wiki(site, self.configuration.sites[site])
        return self._wikis[site]

    def _open_wiki(self, site: str, settings: SiteSettings) -> Wiki | None:
        if settings.confluence_base is None:
            return None
        from pmsync.adapters.confluence.wiki import ConfluenceCloud
        from pmsync.transport.adapter import Target
        from pmsync.transport.rest_client import rest_client

        target = Target(
            site=site,
            product="confluence",
            base_url=settings.confluence_base,
            read_s=settings.timeout,
        )
        return ConfluenceCloud(rest_client(self._access(site, settings, target), self._guard))

    def _access(self, site: str, settings: SiteSettings, target: "Target") -> "Access":
        from pmsync.transport.sessions import Access

        return Access(
            target=target,
            account=settings.account or "",
            token=self.configuration.require_token(site).get_secret_value(),
            ca_bundle=str(settings.ca_bundle) if settings.ca_bundle else None,
            connections=CONNECTIONS,
        )

    def _lock(self, product: Product) -> Path:
        files = self.configuration.files[1:]
        return lock_path(next(path for path in files if path.stem == product.id))

    def _own_templates(self) -> tuple[Path, ...]:
        """Return the folder of the user's templates beside the operator's file, if there is one."""
        folder = self.configuration.files[0].parent / "templates"
        return (folder,) if folder.is_dir() else ()
