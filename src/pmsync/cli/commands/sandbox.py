"""``sandbox serve``: a stateful Jira and Confluence on this machine."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    group = typer.Typer(
        help="Serve a Jira and a Confluence to try things on.", no_args_is_help=True
    )
    group.command()(serve)
    app.add_typer(group, name="sandbox")


def serve(
    *,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 8700,
    load: Annotated[
        list[Path] | None,
        typer.Option(help="Search-page JSON of a real Jira; may be given several times."),
    ] = None,
    latency_ms: Annotated[float, typer.Option(help="Milliseconds added to every answer.")] = 0,
    seed: Annotated[int, typer.Option(help="Which product is generated without --load.")] = 1,
) -> None:
    """Serve until interrupted; prints its addresses, account and token as one line of JSON."""
    from pmsync.core.errors import PmsyncError, UsageError
    from pmsync.sandbox import server
    from pmsync.sandbox.load import InputError

    try:
        with suppress(KeyboardInterrupt):
            server.serve(port=port, load=load or [], latency_ms=latency_ms, seed=seed)
    except InputError as error:
        cure = "load pages of a search, or versions by project, as Jira's API gives them"
        raise UsageError(str(error), cure=cure) from error
    except OSError as error:
        what = f"the sandbox cannot start: {error.strerror}"
        where = error.filename or f"127.0.0.1:{port}"
        raise PmsyncError(what, where=str(where), cure="name another --port or file") from error
