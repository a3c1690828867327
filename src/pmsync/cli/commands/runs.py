"""``runs`` and ``explain``: what happened, and why, from what the runs stored."""

from typing import TYPE_CHECKING, Annotated

import typer

from pmsync.cli.options import ConfigOption, FormatOption, ProductOption

if TYPE_CHECKING:
    from pmsync.core.journal import Run, Write

MINUTE = 16


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    group = typer.Typer(help="List what past runs did.", invoke_without_command=True)
    group.callback()(listed)
    group.command()(show)
    group.command()(plans)
    app.add_typer(group, name="runs")
    app.command(short_help="Say why an issue stands where it does.")(explain)


def listed(
    context: typer.Context,
    *,
    config: ConfigOption = None,
    product: ProductOption = None,
    limit: Annotated[int, typer.Option(min=1, help="How many of the latest.")] = 20,
    form: FormatOption = "table",
) -> None:
    """List the latest runs, newest first."""
    from pmsync.cli.output import table, write, write_json
    from pmsync.cli.wired import opened

    if context.invoked_subcommand:
        return
    with opened(config) as app:
        chosen: list[str | None] = [*product] if product else [None]
        found = [run for one in chosen for run in app.store.runs(one, limit)]
    if form == "json":
        write_json(found)
        return
    rows = [(run.id, run.product, run.command, run.state, _counts(run)) for run in found]
    if not rows:
        write("No run yet.")
        return
    columns = ("run", "product", "command", "ended", "what")
    write(table(columns, rows, whole=columns[:4]))


def _counts(run: "Run") -> str:
    counted = ((name.replace("_", " "), number) for name, number in run.counts.items())
    said = ", ".join(
        f"{number} {name.removesuffix('s') if number == 1 else name}"
        for name, number in counted
        if number
    )
    return run.problem.partition("\n")[0] or said


def show(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run's id, or a beginning of it.")],
    *,
    config: ConfigOption = None,
    form: FormatOption = "table",
) -> None:
    """Show one run and every write it made."""
    from pmsync.cli.output import table, write, write_json
    from pmsync.cli.wired import opened
    from pmsync.core.errors import UsageError

    with opened(config) as app:
        found = app.store.run(run)
        if found is None:
            what = f"there is no run {run}"
            raise UsageError(what, cure="list them with: pmsync runs")
        writes = app.store.writes(found.id)
    if form == "json":
        write_json({"run": found, "writes": writes})
        return
    write(f"{found.id}: {found.command} by pmsync {found.package}, ended {found.state}")
    if found.problem:
        write(found.problem)
    if not writes:
        write("It wrote nothing.")
        return
    columns = ("write", "target", "outcome", "detail")
    write(table(columns, [_write_row(one) for one in writes], whole=("write", "outcome")))


def _write_row(one: "Write") -> tuple[str, str, str, str]:
    outcome = one.outcome
    state = outcome.state.replace("_", " ") if outcome else "no outcome yet"
    return (one.step, one.target, state, outcome.detail if outcome else "")


def plans(
    *, config: ConfigOption = None, product: ProductOption = None, form: FormatOption = "table"
) -> None:
    """List stored plans, newest first, with what became of them."""
    from pmsync.cli.output import table, write, write_json
    from pmsync.cli.wired import opened

    with opened(config) as app:
        chosen = [one.id for one in app.products(product)]
        found = [plan for one in chosen for plan in app.store.plans(one)]
    if form == "json":
        write_json(found)
        return
    rows = [
        (one.hash[:12], one.product, one.state, one.made_at.isoformat(" ")[:MINUTE])
        for one in found
    ]
    if not rows:
        write("No plan yet.")
        return
    columns = ("plan", "product", "state", "made (UTC)")
    write(table(columns, rows, whole=columns))


def explain(
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="An issue's key, or its id.")],
    *,
    config: ConfigOption = None,
    product: ProductOption = None,
    form: FormatOption = "table",
) -> None:
    """Say why an issue stands where it does, from what the last run stored."""
    from pmsync.cli.explaining import explanation_text
    from pmsync.cli.output import write, write_json
    from pmsync.cli.wired import opened
    from pmsync.pipeline.explain import explain_issue

    with opened(config) as app:
        chosen = [one.id for one in app.products(product)]
        found = explain_issue(app.store, chosen, issue)
    if form == "json":
        write_json(found)
    else:
        write(explanation_text(found))
