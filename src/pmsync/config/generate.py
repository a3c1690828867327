"""Writes what is generated from the configuration's classes: ``python -m pmsync.config.generate``.

Run it in a repository after changing a rule; a test compares the files with what it would write.
"""

from pathlib import Path

from pmsync.config.reference import reference_page
from pmsync.config.schema import operator_schema, product_schema, schema_text


def generated() -> dict[Path, str]:
    """Return ``{path below the repository's root: text}`` of every generated file."""
    return {
        Path("config/pmsync.schema.json"): schema_text(operator_schema()),
        Path("config/product.schema.json"): schema_text(product_schema()),
        Path("docs/reference/configuration.md"): reference_page(),
    }


def write(root: Path) -> None:
    """Write the generated files below *root*."""
    for path, text in generated().items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path())
