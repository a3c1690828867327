"""``config``: check what was declared, show where it comes from, print its schema."""

from typing import Annotated, Literal

import typer

from pmsync.cli.options import ConfigOption, FormatOption


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    group = typer.Typer(help="Check and show the configuration.", no_args_is_help=True)
    group.command()(check)
    group.command()(show)
    group.command()(schema)
    app.add_typer(group, name="config")


def check(*, config: ConfigOption = None, form: FormatOption = "table") -> None:
    """Read every file and report every problem at once; asks no site."""
    from pmsync.cli.output import count, write, write_json
    from pmsync.cli.wired import configured

    found = configured(config)
    if form == "json":
        write_json({"files": list(map(str, found.files)), "products": list(found.products)})
        return
    files, products = count(len(found.files), "file"), count(len(found.products), "product")
    write(f"{files}, {products}: no problem found")


def show(*, config: ConfigOption = None, form: FormatOption = "table") -> None:
    """Show the whole configuration and where each value comes from; secrets are masked."""
    from pmsync.cli.output import write, write_json
    from pmsync.cli.wired import configured
    from pmsync.config.show import show as shown

    found = configured(config)
    text = shown(found)
    if form == "table":
        write(text)
        return
    from ruamel.yaml import YAML

    # Read back from what is shown, so that what is masked there is masked here.
    facts = {"files": list(map(str, found.files)), "read_only": found.read_only}
    write_json({**facts, "origins": found.origins, "settings": YAML(typ="safe").load(text)})


def schema(
    part: Annotated[
        Literal["product", "pmsync"], typer.Argument(help="A product's file, or the operator's.")
    ] = "product",
) -> None:
    """Print the JSON Schema of a configuration file, for an editor to help with."""
    from pmsync.cli.output import write
    from pmsync.config.schema import operator_schema, product_schema, schema_text

    write(schema_text(product_schema() if part == "product" else operator_schema()))
