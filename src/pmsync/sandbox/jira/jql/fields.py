"""Which fields a name in a query means."""

from pmsync.sandbox.jira.catalogue import Catalogue
from pmsync.sandbox.jira.jql import kinds
from pmsync.sandbox.jira.jql.clause import Clause, Context, missing
from pmsync.sandbox.jira.jql.system import Making, system_clause
from pmsync.sandbox.seed import Record

_BY_TYPE: dict[str, Making] = {
    "number": kinds.number,
    "datetime": kinds.moment,
    "date": kinds.day,
    "user": kinds.person,
    "option": kinds.option,
    "version": kinds.version,
}
_BY_ITEM: dict[str, Making] = {
    "option": kinds.option,
    "string": kinds.words,
    "version": kinds.version,
}


def clauses(context: Context, name: str) -> list[Clause]:
    """The fields that *name* means; several where custom fields share it.

    Raises:
        JqlError: There is none.
    """
    if found := system_clause(context, name):
        return [found]
    catalogue = context.state.catalogue
    records = [each for each in catalogue.clause(name) if each.get("custom")]
    if not records:
        raise missing(name)
    return [_making(catalogue, each)(context, name, each["id"]) for each in records]


def _making(catalogue: Catalogue, record: Record) -> Making:
    if record["id"] == catalogue.rank_field:
        return kinds.rank
    if catalogue.is_sprint(record["id"]):
        return kinds.sprint
    schema = record.get("schema") or {}
    if schema.get("type") == "array":
        return _BY_ITEM.get(schema.get("items", ""), kinds.text)
    return _BY_TYPE.get(schema.get("type", ""), kinds.text)
