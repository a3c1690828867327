"""Pages that pmsync owns, and who may write for a product at the moment."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from pmsync.adapters.store.database import Rows
from pmsync.adapters.store.records import columns, record
from pmsync.adapters.store.sqlite import upsert
from pmsync.adapters.store.tables import leases, pages
from pmsync.core.errors import LeaseHeldError
from pmsync.core.journal import Lease, PageRecord


class SqlPages(Rows):
    """Records of the pages that pmsync made or adopted."""

    def pages(self, product: str) -> dict[str, PageRecord]:
        """Return ``{page: record}`` of the product's own pages."""
        query = select(pages).where(pages.c.product == product).order_by(pages.c.page)
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings()
            return {row["page"]: record(PageRecord, row) for row in rows}

    def put_page(self, record: PageRecord) -> None:
        """Keep a page's record, replacing the one of the same page."""
        with self._database.writing() as connection:
            connection.execute(upsert(pages), columns(record))


class SqlLeases(Rows):
    """Leases with fencing numbers, one row a product, for ever."""

    def take_lease(self, product: str, holder: str, now: datetime, seconds: float) -> Lease:
        """Take the product's lease, or renew it for the same holder.

        A renewal keeps the fence, even when the lease ran out meanwhile: nobody took it.

        Args:
            product: For whose sake.
            holder: Tells one process from every other one, in words a person can use.
            now: The present moment (aware).
            seconds: How long it holds without renewal.

        Raises:
            LeaseHeldError: Somebody else holds it and it has not run out.
        """
        with self._database.writing() as connection:
            kept = _kept(connection, product)
            if kept is not None and kept["holder"] not in (None, holder) and kept["until"] > now:
                raise _held(product, kept)
            renewed = kept is not None and kept["holder"] == holder
            fence = (kept["fence"] if kept is not None else 0) + (0 if renewed else 1)
            until = now + timedelta(seconds=seconds)
            lease = Lease(product=product, holder=holder, fence=fence, until=until)
            connection.execute(upsert(leases), _row(lease))
        return lease

    def release_lease(self, lease: Lease) -> None:
        """Give the lease back; does nothing when it was lost meanwhile."""
        mine = update(leases).where(
            leases.c.product == lease.product,
            leases.c.fence == lease.fence,
            leases.c.holder == lease.holder,
        )
        with self._database.writing() as connection:
            connection.execute(mine.values(holder=None))

    def check_lease(self, lease: Lease) -> None:
        """Raise :class:`LeaseHeldError` when a later fence exists."""
        with self._database.reading() as connection:
            kept = _kept(connection, lease.product)
            if kept is not None and kept["fence"] > lease.fence:
                raise _held(lease.product, kept)


def _kept(connection: Connection, product: str) -> dict[str, Any] | None:
    row = connection.execute(select(leases).where(leases.c.product == product)).mappings().first()
    return None if row is None else dict(row)


def _row(lease: Lease) -> dict[str, Any]:
    return {
        "product": lease.product,
        "holder": lease.holder,
        "fence": lease.fence,
        "until": lease.until,
    }


def _held(product: str, kept: dict[str, Any]) -> LeaseHeldError:
    holder, until = kept["holder"], kept["until"]
    what = f"another run of {product} is under way: {holder}, until {until:%Y-%m-%d %H:%M:%S} UTC"
    if holder is None:
        what = f"another run of {product} took over meanwhile and has finished"
    return LeaseHeldError(what, cure="wait until it has finished and run again")
