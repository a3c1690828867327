"""Puts the command line together from its groups."""

from collections.abc import Callable
from typing import Annotated, Any

import typer


def build() -> Callable[..., Any]:
    """Return the command line as a callable that takes ``args`` and ``standalone_mode``."""
    from pmsync.cli.commands import (
        configuration,
        demonstration,
        doctor,
        planning,
        reading,
        runs,
        sandbox,
        syncing,
    )

    # Without rich markup the help needs no rich, which would double the time it takes.
    app = typer.Typer(
        name="pmsync",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help="Keep a product's backlog, roadmap and release notes true.",
    )
    app.callback()(_whole)
    groups = (demonstration, sandbox, configuration, doctor, reading, planning, syncing, runs)
    for group in groups:
        group.register(app)
    return typer.main.get_command(app)


def _version(asked: bool) -> None:  # noqa: FBT001 - typer hands the value over so
    if asked:
        from pmsync import __version__

        typer.echo(f"pmsync {__version__}")
        raise typer.Exit


def _whole(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which it is.")
    ] = False,
) -> None:
    """Take the options that stand before any command; each has done its work by now."""
