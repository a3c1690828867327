"""``demo``: the whole job, on a sandbox of its own."""

import os
import sys
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(short_help="Watch pmsync do its whole job on a sandbox.")(demo)


def demo(
    *,
    serve: Annotated[
        bool | None,
        typer.Option(help="Keep the sandbox up at the end; default: only on a terminal."),
    ] = None,
    port: Annotated[int, typer.Option(help="Port of the sandbox; 0 takes a free one.")] = 0,
) -> int:
    """Watch pmsync do its whole job against a live Jira and Confluence on this machine."""
    from pmsync.cli.output import say
    from pmsync.config.shipped import examples_dir
    from pmsync.demo.story import StoryError, tell_story

    stay = sys.stdout.isatty() if serve is None else serve
    product = examples_dir() / "products" / "checkout.yaml"
    try:
        tell_story(product, port=port, serve=stay, environ=os.environ)  # noqa: TID251 - for child processes
    except StoryError as error:
        say(f"the demo went wrong: {error}")
        return 1
    return 0
