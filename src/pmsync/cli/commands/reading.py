"""``pull`` and ``score``: look at what is there, and what the rules say of it."""

from typing import TYPE_CHECKING, Any

import typer

from pmsync.cli.options import ConfigOption, FormatOption, FullOption, ProductOption

if TYPE_CHECKING:
    from pmsync.pipeline.evidence import Place
    from pmsync.pipeline.line import Line
    from pmsync.pipeline.run import Found


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.command(short_help="Pull the scope into the store.")(pull)
    app.command(short_help="Show the backlog in the rules' order, with reasons.")(score)


def pull(
    *,
    config: ConfigOption = None,
    product: ProductOption = None,
    full: FullOption = False,
    form: FormatOption = "table",
) -> int:
    """Pull the scope into the store, and say what was found."""
    from pmsync.cli.output import write_json
    from pmsync.cli.wired import in_turn, opened
    from pmsync.pipeline.run import pull_only

    found: list[Found] = []
    calls: list[int] = []
    with opened(config) as app:

        def one(line: "Line") -> int:
            before = app.record.count()
            found.append(pull_only(line, full=full))
            calls.append(app.record.count() - before)
            return 0

        code = in_turn(app, product, one)
    if form == "json":
        write_json(found)
    else:
        _print_found(found, calls)
    return code


def _print_found(found: "list[Found]", calls: list[int]) -> None:
    from pmsync.cli.output import table, write

    columns = ("product", "issues", "fetched", "gone", "restricted", "calls", "how")
    rows = [
        (
            one.product,
            str(one.issues),
            str(one.fetched),
            str(one.gone),
            str(one.restricted),
            str(made),
            "everything" if one.full else "what changed",
        )
        for one, made in zip(found, calls, strict=True)
    ]
    write(table(columns, rows, right=columns[1:6], whole=columns[:1]))


def score(
    *,
    config: ConfigOption = None,
    product: ProductOption = None,
    form: FormatOption = "table",
) -> int:
    """Show the backlog in the order the rules ask for, with every issue's score and reason."""
    from pmsync.cli.output import write_json
    from pmsync.cli.wired import in_turn, opened
    from pmsync.pipeline.evidence import places
    from pmsync.pipeline.stages import look

    told: list[dict[str, Any]] = []

    def one(line: "Line") -> int:
        backlog = look(line).backlog
        found = places(backlog) if backlog else ()
        told.append({"product": line.product.id, "places": found})
        if form == "table":
            _print_places(line.product.name, found)
        return 0

    with opened(config) as app:
        code = in_turn(app, product, one)
    if form == "json":
        write_json(told)
    return code


def _print_places(name: str, found: "tuple[Place, ...]") -> None:
    from pmsync.cli.output import count, table, write

    write(f"{name}: {count(len(found), 'issue')} ranked" if found else f"{name}: nothing is ranked")
    if not found:
        return
    rows = [(str(one.desired), str(one.today), one.key, one.summary, one.reason) for one in found]
    columns = ("place", "today", "issue", "summary", "why")
    write(table(columns, rows, right=("place", "today"), whole=("issue",)))
