"""Records that issues repeat in full, kept once each: statuses, types, priorities, versions."""

from pmsync.sandbox.seed import Record

_FRESH = 900_001
_LONGEST = 18


def is_number(text: str) -> bool:
    """Whether a text is an id as Jira gives them."""
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST


class Registry:
    """The records of one kind by id.

    A record without an id, or with one that means something else here (files of two sites), gets
    a new one, also where it was found.
    """

    __slots__ = ("_by_id", "_by_name")

    def __init__(self) -> None:
        self._by_id: dict[str, Record] = {}
        self._by_name: dict[str, Record] = {}

    def take(self, record: Record) -> Record:
        """Keeps a copy of a record unless it is known; the kept one."""
        identity, name = str(record.get("id") or ""), str(record.get("name") or "")
        known = self._by_id.get(identity)
        if known is None or known["name"] != name:
            elsewhere = known is not None or not is_number(identity)
            known = self._by_name.get(name) if elsewhere else None
        if known is None:
            known = self._keep(record, identity, name)
        record["id"] = known["id"]
        return known

    def listed(self) -> list[Record]:
        """The kept records in the order in which they were found."""
        return list(self._by_id.values())

    def _keep(self, record: Record, identity: str, name: str) -> Record:
        if not is_number(identity) or identity in self._by_id:
            identity = str(_FRESH + len(self._by_id))
            while identity in self._by_id:
                identity = str(int(identity) + 1)
        kept = {**record, "id": identity, "name": name}
        self._by_id[identity] = kept
        self._by_name.setdefault(name, kept)
        return kept
