"""``sync``: the whole line, within the product's mode and brakes."""

from typing import TYPE_CHECKING, Any

import typer

from pmsync.cli.options import ConfigOption, FormatOption, FullOption, OnlyOption, ProductOption

if TYPE_CHECKING:
    from pmsync.pipeline.line import Line


def register(app: typer.Typer) -> None:
    """Add the group's command."""
    app.command(short_help="Pull, score, rank, plan, apply and publish.")(sync)


def sync(
    *,
    config: ConfigOption = None,
    product: ProductOption = None,
    only: OnlyOption = None,
    full: FullOption = False,
    form: FormatOption = "table",
) -> int:
    """Pull, score, rank, plan, apply and publish, as far as the product's mode allows.

    Mode watch writes nothing. Mode propose publishes pages and leaves moves in Jira in a plan to
    approve. Mode auto does both. In every mode, a plan over a brake waits (exit code 5). Pages
    that are held, because somebody has worked on them, end it with exit code 6.
    """
    from pmsync.cli.output import write, write_json
    from pmsync.cli.preview import sync_text
    from pmsync.cli.reports import report_facts, sync_code, writes_of
    from pmsync.cli.wired import in_turn, opened
    from pmsync.pipeline.run import sync as walk

    told: list[dict[str, Any]] = []

    def one(line: "Line") -> int:
        report = walk(line, only=only, full=full)
        writes = writes_of(line.store, report.run)
        if form == "json":
            told.append(report_facts(report, writes))
        else:
            write(sync_text(report, line.product, writes=writes))
        return sync_code(report, line.product.mode, app.record.latest())

    with opened(config) as app:
        code = in_turn(app, product, one)
    if form == "json":
        write_json(told)
    return code
