"""What a run is given: one product's rules and the ports to work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pmsync.core.fields import Pins
from pmsync.core.rules import Product
from pmsync.ports import Clock, IssueTracker, Store, Wiki, WriteGate


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One product, wired.

    Attributes:
        rules: sha256 of the product's rules.
        browse_url: Jira's address as people open it, without trailing slash.
        wiki: None when the site has no Confluence.
        templates: Folders that are searched for page templates, first hit wins.
        pins: Field pins as stored beside the product's file; *keep_pins* stores them anew.
        holder: Who runs this, for the lease: host and process.
        package: pmsync's version.
    """

    product: Product
    rules: str
    browse_url: str
    tracker: IssueTracker
    wiki: Wiki | None
    store: Store
    gate: WriteGate
    clock: Clock
    templates: tuple[Path, ...]
    pins: Pins
    keep_pins: Callable[[Pins], None]
    holder: str
    package: str

    def today(self) -> date:
        """Return the present date in the product's time zone."""
        return self.clock.now().astimezone(ZoneInfo(self.product.time_zone)).date()

    def now(self) -> datetime:
        """Return the present moment (aware, UTC)."""
        return self.clock.now()
