"""From what Jira refuses to the line of the rules that asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pmsync.core.errors import ConfigError, Problem

if TYPE_CHECKING:
    from pmsync.config.configuration import Configuration
    from pmsync.core.rules import Product

NO_PLACE = ("", 0, 0)


@contextmanager
def placed(configuration: "Configuration", product: "Product") -> Iterator[None]:
    """Tell refused queries and fields with their place in the product's file.

    Raises:
        ConfigError: Instead of what the pipeline raised, which is chained.
    """
    from pmsync.pipeline.ask import BadQueryError
    from pmsync.pipeline.pull import UnknownFieldsError

    try:
        yield
    except BadQueryError as error:
        key = query_key(product, error.name)
        raise ConfigError(
            (_problem(configuration, product, key, error.what, error.cure),)
        ) from error
    except UnknownFieldsError as error:
        problems = [
            _problem(configuration, product, field_key(product, name), text, error.cure)
            for name, text in error.problems
        ]
        raise ConfigError(tuple(problems)) from error


def query_key(product: "Product", name: str) -> str:
    """Return the dotted key of a query, given its name as in :mod:`pmsync.core.queries`."""
    kind, _, rest = name.partition(":")
    match kind:
        case "rank":
            return "rank.only"
        case "never_move":
            return f"rank.never_move.{rest}"
        case "open_sprint":
            stays = product.rank.never_move if product.rank else ()
            return f"rank.never_move.{stays.index('child_in_open_sprint')}"
        case "page":
            return f"pages.kinds.{_roadmap(product)}.now"
        case "notes":
            return f"release_notes.{_audience(product, rest.removesuffix(':only'))}.only"
        case _:
            return name


def field_key(product: "Product", name: str) -> str:
    """Return the dotted key of a field, given its name in the snapshot."""
    if name == "page:outcome":
        return f"pages.kinds.{_roadmap(product)}.outcome"
    if name.startswith("notes:"):
        audience = name.removeprefix("notes:").removesuffix(":text")
        return f"release_notes.{_audience(product, audience)}.text"
    return f"inputs.{name}.field"


def _roadmap(product: "Product") -> int:
    kinds = [page.kind for page in product.pages.kinds] if product.pages else []
    return kinds.index("roadmap")


def _audience(product: "Product", audience: str) -> int:
    return [notes.audience for notes in product.release_notes].index(audience)


def _problem(
    configuration: "Configuration", product: "Product", key: str, what: str, cure: str
) -> Problem:
    file, line, column = _place(configuration.origins.get(f"products.{product.id}.{key}", ""))
    return Problem(what=f"{key}: {what}", file=file, line=line, column=column, cure=cure)


def _place(origin: str) -> tuple[str, int, int]:
    """Return file, line and column of an origin such as ``products/checkout.yaml:3:8``."""
    file, _, rest = origin.rpartition(":")
    file, _, line = file.rpartition(":")
    return (file, int(line), int(rest)) if line.isdecimal() and rest.isdecimal() else NO_PLACE
