"""``sync``: the whole line, within the product's mode and brakes."""

from typing import TYPE_CHECKING

import typer

from pmsync.cli.options import ConfigOption, FormatOption, FullOption, OnlyOption, ProductOption

if TYPE_CHECKING:
    from pmsync.pipeline.run import Report

EXIT_UNSAFE = 5
EXIT_PARTLY = 6


def register(app: typer.Typer) -> None:
    """Add the group's command."""
    app.command()(sync)


def sync(
    *,
    config: ConfigOption = None,
    product: ProductOption = None,
    only: OnlyOption = None,
    full: FullOption = False,
    form: FormatOption = "table",
) -> int:
    """Pull, score, rank, plan, apply and publish, as far as the product's mode allows."""
    from pmsync.cli.output import write, write_json
    from pmsync.cli.preview import sync_text
    from pmsync.cli.wired import lines, opened
    from pmsync.pipeline.run import sync as walk

    code = 0
    with opened(config) as app:
        for line in lines(app, product):
            report = walk(line, only=only, full=full)
            if form == "json":
                write_json(report)
            else:
                write(sync_text(report, line.product))
            code = max(code, exit_code(report))
    return code


def exit_code(report: "Report") -> int:
    """Return the exit code that a run's report stands for."""
    if report.braked:
        return EXIT_UNSAFE
    return 0 if report.applied.complete() else EXIT_PARTLY
