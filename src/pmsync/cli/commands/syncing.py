"""``sync``: the whole line, within the product's mode and brakes."""

from typing import TYPE_CHECKING, Any

import typer

from pmsync.cli.options import ConfigOption, FormatOption, FullOption, OnlyOption, ProductOption

if TYPE_CHECKING:
    from pmsync.pipeline.line import Line
    from pmsync.pipeline.run import Report

EXIT_UNSAFE = 5
EXIT_PARTLY = 6


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
    approve. Mode auto does both. In every mode, a plan over a brake waits (exit code 5).
    """
    from pmsync.cli.output import write, write_json
    from pmsync.cli.preview import sync_text
    from pmsync.cli.reports import report_facts, writes_of
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
        return exit_code(report)

    with opened(config) as app:
        code = in_turn(app, product, one)
    if form == "json":
        write_json(told)
    return code


def exit_code(report: "Report") -> int:
    """Return the exit code that a run's report stands for."""
    if report.braked:
        return EXIT_UNSAFE
    return 0 if report.applied.complete() else EXIT_PARTLY
