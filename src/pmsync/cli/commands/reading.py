"""``pull`` and ``score``: look at what is there, and what the rules say of it."""

from typing import TYPE_CHECKING

import typer

from pmsync.cli.options import ConfigOption, FormatOption, FullOption, ProductOption

if TYPE_CHECKING:
    from pmsync.pipeline.evidence import Place


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.command()(pull)
    app.command()(score)


def pull(
    *,
    config: ConfigOption = None,
    product: ProductOption = None,
    full: FullOption = False,
    form: FormatOption = "table",
) -> None:
    """Pull the scope into the store, and say what was found."""
    from pmsync.cli.output import table, write, write_json
    from pmsync.cli.wired import lines, opened
    from pmsync.pipeline.run import pull_only

    with opened(config) as app:
        found = [pull_only(line, full=full) for line in lines(app, product)]
    if form == "json":
        write_json(found)
        return
    columns = ("product", "issues", "fetched", "gone", "restricted", "calls", "how")
    rows = [
        (
            one.product,
            str(one.issues),
            str(one.fetched),
            str(one.gone),
            str(one.restricted),
            str(app.record.count()),
            "full" if one.full else "what changed",
        )
        for one in found
    ]
    write(table(columns, rows, right=columns[1:6]))


def score(
    *,
    config: ConfigOption = None,
    product: ProductOption = None,
    form: FormatOption = "table",
) -> None:
    """Show the backlog in the order the rules ask for, with every issue's score and reason."""
    from pmsync.cli.output import write_json
    from pmsync.cli.wired import lines, opened
    from pmsync.pipeline.evidence import places
    from pmsync.pipeline.stages import look

    with opened(config) as app:
        for line in lines(app, product):
            backlog = look(line).backlog
            found = places(backlog) if backlog else ()
            if form == "json":
                write_json(found)
            else:
                _print_places(found)


def _print_places(found: "tuple[Place, ...]") -> None:
    from pmsync.cli.output import table, write

    rows = [(str(one.desired), str(one.today), one.key, one.summary, one.reason) for one in found]
    columns = ("place", "today", "issue", "summary", "why")
    write(table(columns, rows, right=("place", "today")))
