"""``config``: check what was declared, show where it comes from, print its schema."""

from typing import Annotated, Literal

import typer

from pmsync.cli.options import ConfigOption


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    group = typer.Typer(help="Check and show the configuration.", no_args_is_help=True)
    group.command()(check)
    group.command()(show)
    group.command()(schema)
    app.add_typer(group, name="config")


def check(*, config: ConfigOption = None) -> None:
    """Read every file and report every problem at once; asks no site."""
    from pmsync.cli.output import count, write
    from pmsync.cli.wired import configured

    found = configured(config)
    files, products = count(len(found.files), "file"), count(len(found.products), "product")
    write(f"{files}, {products}: no problem found")


def show(*, config: ConfigOption = None) -> None:
    """Show the whole configuration and where each value comes from; secrets are masked."""
    from pmsync.cli.output import write
    from pmsync.cli.wired import configured
    from pmsync.config.show import show as shown

    write(shown(configured(config)))


def schema(
    part: Annotated[
        Literal["product", "pmsync"], typer.Argument(help="A product's file, or the operator's.")
    ] = "product",
) -> None:
    """Print the JSON Schema of a configuration file, for an editor to help with."""
    from pmsync.cli.output import write
    from pmsync.config.schema import operator_schema, product_schema, schema_text

    write(schema_text(product_schema() if part == "product" else operator_schema()))
