"""The lock file beside a product's file: which Jira fields its names meant when first resolved.

It belongs under version control, like the product's file: a review shows when a rule starts to
read another field.
"""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pmsync.core.errors import ConfigError, Problem
from pmsync.core.fields import Pin, Pins

SUFFIX = ".lock.json"


def lock_path(product_file: Path) -> Path:
    """Return the lock file of a product's file: ``checkout.yaml`` has ``checkout.lock.json``."""
    return product_file.with_name(product_file.stem + SUFFIX)


def read_pins(path: Path) -> Pins:
    """Return the pins of a lock file; none if there is no such file.

    Raises:
        ConfigError: It cannot be read, or is no lock file.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        return {
            name: {where: _pin(pin) for where, pin in scoped.items()}
            for name, scoped in content["fields"].items()
        }
    except FileNotFoundError:
        return {}
    except OSError as error:
        what = f"the lock file cannot be read: {error.strerror}"
        raise ConfigError((Problem(what=what, file=str(path)),)) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        cure = "restore it from version control, or delete it to resolve all fields anew"
        what = f"this is no lock file: {type(error).__name__}: {error}"
        raise ConfigError((Problem(what=what, file=str(path), cure=cure),)) from error


def _pin(entry: dict[str, Any]) -> Pin:
    for text in entry.values():
        if not isinstance(text, str):
            message = f"{text!r} is no text"
            raise TypeError(message)
    return Pin(**entry)


def write_pins(path: Path, pins: Pins) -> None:
    """Write a lock file, whole or not at all; nothing is written for no pins.

    Raises:
        ConfigError: The folder cannot be written.
    """
    if not pins:
        return
    content = {
        "about": "Field ids that pmsync resolved; keep this file under version control.",
        "fields": {
            name: {where: asdict(pin) for where, pin in scoped.items()}
            for name, scoped in pins.items()
        },
    }
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    new = path.with_name(path.name + ".new")
    try:
        new.write_text(text, "utf-8")
        os.replace(new, path)  # noqa: PTH105 - the atomic one, by its well-known name
    except OSError as error:
        what = f"the lock file cannot be written: {error.strerror}"
        cure = "let this user write the folder, or make the file elsewhere and put it there"
        raise ConfigError((Problem(what=what, file=str(path), cure=cure),)) from error
