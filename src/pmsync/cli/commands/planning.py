"""``plan`` and ``apply``: see what would change, then let exactly that happen."""

import json
from collections.abc import Sized
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmsync.cli.options import ConfigOption, FormatOption, FullOption, OnlyOption, ProductOption

if TYPE_CHECKING:
    from pmsync.config.configuration import Configuration
    from pmsync.core.plan import Plan
    from pmsync.core.rules import Product
    from pmsync.pipeline.line import Line
    from pmsync.ports import Store

EXIT_PENDING = 3


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.command(short_help="Show what a sync would change, and why.")(plan)
    app.command(short_help="Apply a plan exactly as it was made.")(apply)


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
    """Show what a sync would change and why; nothing is written to Jira or Confluence.

    The plan can be kept in a file, read, and applied as it is.
    """
    from pmsync.cli.output import say, write, write_json
    from pmsync.cli.preview import plan_text
    from pmsync.cli.wired import in_turn, opened
    from pmsync.pipeline import planfile
    from pmsync.pipeline.run import preview

    made: list[Plan] = []

    def one(line: "Line") -> int:
        found = preview(line, only=only, full=full).plan
        made.append(found)
        if form == "table":
            write(plan_text(found, line.product.name))
        if output:
            output.write_text(planfile.encode(found), "utf-8")
            say(f"plan written; apply it with: pmsync apply {output}")
        return EXIT_PENDING if exit_code and found.changes else 0

    with opened(config) as app:
        if output:
            _refuse_several(app.products(product))
            _refuse_folder(output)
        code = in_turn(app, product, one)
    if form == "json":
        write_json([json.loads(planfile.encode(found)) for found in made])
    return code


def _refuse_several(chosen: "Sized") -> None:
    from pmsync.core.errors import UsageError

    if len(chosen) != 1:
        what = f"one file holds one plan, and {len(chosen)} products are chosen"
        raise UsageError(what, cure="name one with --product")


def _refuse_folder(output: Path) -> None:
    from pmsync.core.errors import UsageError

    if output.is_dir() or not output.parent.is_dir():
        what = "a plan cannot be written there"
        raise UsageError(what, where=str(output), cure="name a file in a folder that exists")


def apply(
    plan_file: Annotated[
        str, typer.Argument(metavar="FILE|HASH", help="A plan file, or a waiting plan's hash.")
    ],
    *,
    config: ConfigOption = None,
    form: FormatOption = "table",
) -> int:
    """Apply a plan exactly as it was made; what no longer fits is dropped and named.

    Whoever runs this approves the plan. Exit code 6: not all of it could be applied.
    """
    from pmsync.cli.output import write, write_json
    from pmsync.cli.places import placed
    from pmsync.cli.preview import outcome_text
    from pmsync.cli.reports import exit_code, report_facts, writes_of
    from pmsync.cli.wired import opened
    from pmsync.pipeline.run import apply_plan

    with opened(config) as app:
        made = _read_plan(plan_file, app.store)
        chosen = _product_of(made, plan_file, app.configuration)
        with placed(app.configuration, chosen):
            report = apply_plan(app.line(chosen), made)
        writes = writes_of(app.store, report.run)
        code = exit_code(report, app.record.latest())
    if form == "json":
        write_json(report_facts(report, writes))
    else:
        write(outcome_text(report, chosen.name))
    return code


def _product_of(made: "Plan", name: str, configuration: "Configuration") -> "Product":
    """Return whose plan it is, if it is one of ours, on the site that it was made for."""
    from pmsync.core.errors import PlanFileError

    found = configuration.products.get(made.product)
    if found is None or found.site != made.site:
        what = (
            f"it is a plan of the product {made.product!r} on the site {made.site!r},"
            " which this configuration does not have"
        )
        cure = "apply it with the configuration that it was made with"
        raise PlanFileError(what, where=name, cure=cure)
    return found


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
            raise PlanFileError(msg, where=name, cure=planfile.REPLAN) from error
    stored = store.plan(name)
    if stored is None:
        msg = "there is no such file, and no stored plan whose hash begins so"
        raise PlanFileError(msg, where=name, cure="list the waiting plans with: pmsync runs plans")
    return planfile.decode(stored.text, where=name)
