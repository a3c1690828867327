"""Puts the command line together from its groups."""

from collections.abc import Callable
from typing import Any


def build() -> Callable[..., Any]:
    """Return the command line as a callable that takes ``args`` and ``standalone_mode``."""
    import typer

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
    groups = (demonstration, sandbox, configuration, doctor, reading, planning, syncing, runs)
    for group in groups:
        group.register(app)
    return typer.main.get_command(app)
