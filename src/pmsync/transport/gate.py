"""The write gate: nothing that changes anything leaves without an open permit."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pmsync.core.errors import ReadOnlyError


class Gate:
    """Implements :class:`pmsync.ports.WriteGate`; one for all sessions of a process.

    A permit belongs to the thread that opened it: a fetch running beside an apply cannot write.

    Args:
        read_only: True stops every write of this process, whoever asks (``PMSYNC_READ_ONLY``).
    """

    def __init__(self, *, read_only: bool = False) -> None:
        self.read_only = read_only
        self._open = threading.local()

    @contextmanager
    def permit(self, write_id: str) -> Iterator[None]:
        """Let writes through, in this thread, for as long as the context is open.

        Raises:
            ReadOnlyError: Writes are switched off as a whole.
        """
        self._refuse_if_read_only()
        permits = self._permits()
        permits.append(write_id)
        try:
            yield
        finally:
            permits.pop()

    def require(self, what: str, where: str) -> str:
        """Return the id of the write that may go out now.

        Args:
            what: The endpoint's name.
            where: Method and address, without query.

        Raises:
            ReadOnlyError: No permit is open in this thread, or writes are switched off.
        """
        self._refuse_if_read_only(where)
        permits = self._permits()
        if not permits:
            sentence = f"{what!r} would write, and no permit is open for it"
            raise ReadOnlyError(sentence, where=where, cure="report this: pmsync has a fault")
        return permits[-1]

    def _refuse_if_read_only(self, where: str = "") -> None:
        if self.read_only:
            what = "writes are switched off"
            raise ReadOnlyError(what, where=where, cure="unset PMSYNC_READ_ONLY to allow them")

    def _permits(self) -> list[str]:
        if not hasattr(self._open, "permits"):
            self._open.permits = []
        permits: list[str] = self._open.permits
        return permits
