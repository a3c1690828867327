"""``plan`` and ``apply``: see what would change, then let exactly that happen."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmsync.cli.options import ConfigOption, FormatOption, FullOption, OnlyOption, ProductOption

if TYPE_CHECKING:
    from pmsync.core.plan import Plan
    from pmsync.ports import Store

EXIT_PENDING = 3
EXIT_PARTLY = 6


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.command()(plan)
    app.command()(apply)


def plan(
    *,
    config: ConfigOption = None,
    product: ProductOption = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write the plan to this file.")
    ] = None,
    only: OnlyOption = None,
    full: FullOption = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 3 when changes are pending.")
    ] = False,
    form: FormatOption = "table",
) -> int:
    """Show what a sync would change and why; nothing is written to Jira or Confluence."""
    from pmsync.cli.output import say, write
    from pmsync.cli.preview import plan_text
    from pmsync.cli.wired import lines, opened
    from pmsync.core.errors import UsageError
    from pmsync.pipeline import planfile
    from pmsync.pipeline.run import preview

    with opened(config) as app:
        chosen = lines(app, product)
        if output and len(chosen) != 1:
            what = f"one file holds one plan, and {len(chosen)} products are chosen"
            raise UsageError(what, cure="name one with --product")
        pending = False
        for line in chosen:
            made = preview(line, only=only, full=full).plan
            pending = pending or bool(made.changes)
            text = planfile.encode(made)
            write(text if form == "json" else plan_text(made, line.product.name))
            if output:
                output.write_text(text, "utf-8")
                say(f"plan written; apply it with: pmsync apply {output}")
    return EXIT_PENDING if exit_code and pending else 0


def apply(
    plan_file: Annotated[
        str, typer.Argument(metavar="FILE|HASH", help="A plan file, or a waiting plan's hash.")
    ],
    *,
    config: ConfigOption = None,
    form: FormatOption = "table",
) -> int:
    """Apply a plan exactly as it was made; what no longer fits is dropped and named."""
    from pmsync.cli.output import write, write_json
    from pmsync.cli.preview import outcome_text
    from pmsync.cli.wired import opened
    from pmsync.pipeline.run import apply_plan

    with opened(config) as app:
        made = _read_plan(plan_file, app.store)
        report = apply_plan(app.line(app.configuration.product(made.product)), made)
    if form == "json":
        write_json(report)
    else:
        write(outcome_text(report))
    return 0 if report.applied.complete() else EXIT_PARTLY


def _read_plan(name: str, store: "Store") -> "Plan":
    """Return the plan of a file, or of the store when *name* is the beginning of a hash."""
    from pmsync.core.errors import PlanFileError
    from pmsync.pipeline import planfile

    path = Path(name)
    if path.is_file():
        try:
            return planfile.decode(path.read_text("utf-8"), where=name)
        except (OSError, UnicodeDecodeError) as error:
            msg = f"the file cannot be read: {error}"
            raise PlanFileError(msg, where=name) from error
    stored = store.plan(name)
    if stored is None:
        msg = "there is no such file, and no stored plan whose hash begins so"
        raise PlanFileError(msg, where=name, cure="list the waiting plans with: pmsync runs plans")
    return planfile.decode(stored.text, where=name)
