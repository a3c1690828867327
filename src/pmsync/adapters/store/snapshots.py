"""What was pulled and computed: issues as last seen, pull marks, and blobs by their content."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import msgspec
from sqlalchemy import bindparam, delete, select

from pmsync.adapters.store.database import Rows
from pmsync.adapters.store.sqlite import insert_missing, upsert
from pmsync.adapters.store.tables import blobs, issues, pull_marks
from pmsync.core.errors import StoreError
from pmsync.core.journal import PullMark
from pmsync.core.model import Issue

_BATCH = 500  # rows a transaction: short locks, and no more issues in memory than that
_LEVEL = 3  # of zlib: three times as fast as the default for a few per cent more bytes

_encoder = msgspec.msgpack.Encoder()
_issue = msgspec.msgpack.Decoder(Issue)
_mark = msgspec.msgpack.Decoder(PullMark)

_Item = TypeVar("_Item")


class SqlBlobs(Rows):
    """Contents by their sha256, each kept once."""

    def put_blob(self, content: bytes) -> str:
        """Keep *content* once, compressed; return its sha256."""
        sha256 = hashlib.sha256(content).hexdigest()
        if self._packed(sha256) is None:
            row = {"sha256": sha256, "content": zlib.compress(content, _LEVEL)}
            with self._database.writing() as connection:
                connection.execute(insert_missing(blobs), row)
        return sha256

    def blob(self, sha256: str) -> bytes:
        """Return what :meth:`put_blob` kept.

        Raises:
            StoreError: There is none, or it is damaged.
        """
        packed = self._packed(sha256)
        if packed is None:
            what = f"the store has no content {sha256}"
            raise StoreError(what, where=self._database.place)
        content = _unpacked(packed)
        if content is None or hashlib.sha256(content).hexdigest() != sha256:
            what = f"content {sha256} is damaged"
            raise StoreError(what, where=self._database.place, cure="restore a backup")
        return content

    def _packed(self, sha256: str) -> bytes | None:
        query = select(blobs.c.content).where(blobs.c.sha256 == sha256)
        with self._database.reading() as connection:
            return connection.execute(query).scalar()


class SqlIssues(Rows):
    """Issues as last pulled, and where the next pull goes on."""

    def issues(self, product: str) -> dict[str, Issue]:
        """Return ``{id: issue}`` as last pulled."""
        query = select(issues.c.payload).where(issues.c.product == product).order_by(issues.c.id)
        with self._database.reading() as connection:
            found = (_issue.decode(payload) for payload in connection.execute(query).scalars())
            return {issue.id: issue for issue in found}

    def put_issues(self, product: str, changed: Iterable[Issue], gone: Iterable[str]) -> None:
        """Keep new and changed issues, forget those gone; costs what changed.

        Args:
            product: Whose issues.
            changed: Taken in small batches, each durable by itself: a crash in between leaves
                some issues newer than the pull mark, which the next pull simply asks for again.
            gone: Ids; unknown ones do no harm.
        """
        for batch in _batches(changed):
            with self._database.writing() as connection:
                rows = [_row(product, issue) for issue in batch]
                connection.execute(upsert(issues, unless_same="payload"), rows)
        forget = delete(issues).where(issues.c.product == product, issues.c.id == bindparam("gone"))
        for ids in _batches(gone):
            with self._database.writing() as connection:
                connection.execute(forget, [{"gone": each} for each in ids])

    def pull_mark(self, product: str) -> PullMark | None:
        """Return where the next incremental pull goes on; None: pull everything."""
        query = select(pull_marks.c.payload).where(pull_marks.c.product == product)
        with self._database.reading() as connection:
            payload = connection.execute(query).scalar()
            return None if payload is None else _mark.decode(payload)

    def put_pull_mark(self, mark: PullMark) -> None:
        """Keep the mark of a finished pull."""
        with self._database.writing() as connection:
            row = {"product": mark.product, "payload": _encoder.encode(mark)}
            connection.execute(upsert(pull_marks), row)


def _row(product: str, issue: Issue) -> dict[str, Any]:
    return {
        "product": product,
        "id": issue.id,
        "key": issue.key,
        "updated": issue.updated,
        "payload": _encoder.encode(issue),
    }


def _batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    left = iter(items)
    while batch := list(islice(left, _BATCH)):
        yield batch


def _unpacked(packed: bytes) -> bytes | None:
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return None
