"""From the common options to a wired application, and from products to an exit code."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmsync.app import App
    from pmsync.config.configuration import Configuration
    from pmsync.pipeline.line import Line

WORST_FIRST = (2, 4, 1, 75, 6, 5, 3)
"""Exit codes by how much they are news to whoever runs several products at once."""


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


def in_turn(app: "App", chosen: Sequence[str] | None, walk: "Callable[[Line], int]") -> int:
    """Do *walk* for the chosen products (all when none is chosen); return the exit code.

    Where there are several, one that fails is told on standard error and does not stop the others.

    Raises:
        PmsyncError: The only product there is failed.
    """
    from pmsync.cli.output import say
    from pmsync.cli.places import placed
    from pmsync.core.errors import PmsyncError

    products = app.products(chosen)
    codes: list[int] = []
    for product in products:
        try:
            with placed(app.configuration, product):
                codes.append(walk(app.line(product)))
        except PmsyncError as error:
            if len(products) == 1:
                raise
            say(f"{product.id}: {error}")
            codes.append(error.exit_code)
    return worst(codes)


def worst(codes: Iterable[int]) -> int:
    """Return the exit code to end with.

    Example:
        >>> worst([0, 5, 6]), worst([])
        (6, 0)
    """
    found = set(codes) - {0}
    return next((code for code in WORST_FIRST if code in found), max(found, default=0))
