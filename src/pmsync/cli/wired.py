"""From the common options to a wired application."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmsync.app import App
    from pmsync.config.configuration import Configuration
    from pmsync.pipeline.line import Line


def configured(config: Path | None) -> "Configuration":
    """Return the configuration.

    Raises:
        ConfigError: Anything is wrong with it; all of it at once.
    """
    from pmsync.config.loading import load

    return load(config, os.environ)  # noqa: TID251 - handed to the room that reads it


@contextmanager
def opened(config: Path | None) -> "Iterator[App]":
    """Give the wired application, and close it at the end."""
    from pmsync.app import App

    with App(configured(config)) as app:
        yield app


def lines(app: "App", chosen: Sequence[str] | None) -> "list[Line]":
    """Return the chosen products (all when none is chosen), wired."""
    return [app.line(product) for product in app.products(chosen)]
