"""Where the files that ship with pmsync lie: the page templates and the example configurations.

A wheel holds them under ``pmsync/_shipped`` (hatchling's force-include). An editable install has
no force-include, so there they are the top-level folders of the repository.
"""

from pathlib import Path

import pmsync
from pmsync.core.errors import PmsyncError


def templates_dir() -> Path:
    """Return the folder with the built-in page templates.

    Raises:
        PmsyncError: The installation is incomplete.
    """
    return _shipped("templates")


def examples_dir() -> Path:
    """Return the folder with the annotated example configurations and the JSON Schemas.

    Raises:
        PmsyncError: The installation is incomplete.
    """
    return _shipped("config")


def _shipped(name: str) -> Path:
    package = Path(pmsync.__file__).resolve().parent
    installed = package / "_shipped" / name
    if installed.is_dir():
        return installed
    root = _repository(package)
    if root and (root / name).is_dir():
        return root / name
    fault = f"the folder {name!r} that ships with pmsync is missing"
    raise PmsyncError(
        fault,
        where=str(installed),
        cure="install pmsync again, from a wheel or with pip install -e in its repository",
    )


def _repository(package: Path) -> Path | None:
    """Return the repository whose ``src/pmsync`` is *package*; None if it is not in one."""
    root = package.parent.parent
    is_source = package.parent.name == "src" and (root / "pyproject.toml").is_file()
    return root if is_source else None
