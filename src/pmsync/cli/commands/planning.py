"""``plan`` and ``apply``: see what would change, then let exactly that happen."""

import json
import re
from collections.abc import Iterator, Sized
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmsync.cli.options import (
    AnewOption,
    ConfigOption,
    FormatOption,
    FullOption,
    OnlyOption,
    ProductOption,
)

if TYPE_CHECKING:
    from pmsync.config.configuration import Configuration
    from pmsync.core.plan import Plan
    from pmsync.core.rules import Product
    from pmsync.pipeline.line import Line
    from pmsync.ports import Store

EXIT_PENDING = 3
LEAST_HASH = 6
"""Digits of a hash that tell one plan from the others."""

LIST_PLANS = "list the waiting plans with: pmsync runs plans"


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
    anew: AnewOption = False,
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
        found = preview(line, only=only, full=full, anew=anew).plan
        made.append(found)
        if form == "table":
            write(plan_text(found, line.product.name, kept=output is not None))
        if output:
            output.write_text(planfile.encode(found), "utf-8")
        if output or (form == "table" and found.changes):
            say(_next_step(line.product, output))
        return EXIT_PENDING if exit_code and found.changes else 0

    with opened(config) as app:
        if output:
            _refuse_several(app.products(product))
            _refuse_folder(output)
        code = in_turn(app, product, one)
    if form == "json":
        write_json([json.loads(planfile.encode(found)) for found in made])
    return code


def _next_step(product: "Product", output: Path | None) -> str:
    """Return what to do with the plan; the hint stays off standard output."""
    if product.mode == "watch":
        kept = f"plan written to {output}; " if output else ""
        return f"{kept}in mode watch no plan is applied: set mode: propose first"
    if output:
        return f"plan written; apply it with: pmsync apply {output}"
    return f"to keep this plan: pmsync plan --product {product.id} -o FILE"


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
    product: ProductOption = None,
    form: FormatOption = "table",
) -> int:
    """Apply a plan exactly as it was made; what no longer fits is dropped and named.

    Whoever runs this approves the plan. Where more than a fifth of it no longer fits, it is
    refused as a whole (exit code 5). Exit code 6: not all of it could be applied.
    """
    from pmsync.cli.output import write, write_json
    from pmsync.cli.places import placed
    from pmsync.cli.preview import outcome_text
    from pmsync.cli.reports import exit_code, report_facts, writes_of
    from pmsync.cli.wired import opened
    from pmsync.pipeline.run import apply_plan

    with opened(config) as app:
        wanted = [one.id for one in app.products(product)] if product else []
        made = _read_plan(plan_file, app.store)
        _refuse_unwanted(made, wanted, plan_file)
        chosen = _product_of(made, plan_file, app.configuration)
        with placed(app.configuration, chosen), _named(plan_file):
            report = apply_plan(app.line(chosen), made)
        writes = writes_of(app.store, report.run)
        code = exit_code(report, app.record.latest())
    if form == "json":
        write_json(report_facts(report, writes))
    else:
        write(outcome_text(report, chosen.name))
    return code


@contextmanager
def _named(plan_file: str) -> Iterator[None]:
    """Tell which plan it is that cannot be applied: the pipeline sees no file and no prefix."""
    from pmsync.core.errors import PlanFileError, UnsafePlanError

    try:
        yield
    except (PlanFileError, UnsafePlanError) as error:
        error.where = error.where or plan_file
        raise


def _refuse_unwanted(made: "Plan", wanted: list[str], name: str) -> None:
    from pmsync.core.errors import UsageError

    if wanted and made.product not in wanted:
        what = f"it is a plan of the product {made.product!r}, not of {', '.join(wanted)}"
        raise UsageError(what, where=name, cure=f"leave --product out, or name {made.product}")


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
    from pmsync.core.errors import PlanFileError, UsageError
    from pmsync.pipeline import planfile

    path = Path(name)
    if path.is_file():
        try:
            return planfile.decode(path.read_text("utf-8"), where=name)
        except (OSError, UnicodeDecodeError) as error:
            msg = f"the file cannot be read: {error}"
            raise PlanFileError(msg, where=name, cure=planfile.REPLAN) from error
    if re.fullmatch(rf"[0-9a-fA-F]{{0,{LEAST_HASH - 1}}}", name):
        what = f"a plan's hash needs at least {LEAST_HASH} characters"
        raise UsageError(what, where=name, cure=LIST_PLANS)
    stored = store.plan(name.lower())
    if stored is None:
        msg = "there is no such file, and no stored plan whose hash begins so"
        raise PlanFileError(msg, where=name, cure=LIST_PLANS)
    return planfile.decode(stored.text, where=name)
