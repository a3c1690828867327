"""Settings from the environment and from secret files, as trees that know where they came from.

pydantic-settings reads both, but tells nobody which variable gave a value; an error must.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic_settings import EnvSettingsSource
from typing_extensions import override

from pmsync.config.nodes import Json, Node, Place
from pmsync.config.settings import OperatorSettings
from pmsync.config.wording import did_you_mean
from pmsync.core.errors import Problem

PREFIX = "PMSYNC_"
_SECTIONS = ("SITES", "DEFAULTS")
_SYSTEM_SECRETS = "/run/secrets"
LARGEST_SECRET = 64_000  # bytes


class _Variables(EnvSettingsSource):
    """The variables of a mapping instead of those of the process."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._given = variables
        super().__init__(OperatorSettings)

    @override
    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._given.items() if value}


def environment_tree(environ: Mapping[str, str], sites: Mapping[str, object]) -> Node:
    """Return what the variables PMSYNC_SITES__… and PMSYNC_DEFAULTS__… say.

    Args:
        environ: The environment.
        sites: The sites of the file; ``ACME_EU`` in a variable's name means ``acme-eu``.
    """
    return _tree(_sections(environ), sites, "environment variable ")


def secrets_tree(environ: Mapping[str, str], sites: Mapping[str, object]) -> Node:
    """Return what files such as ``pmsync_sites__acme__token`` in the folders of secrets say.

    The folders are ``$PMSYNC_SECRETS_DIR``, ``$CREDENTIALS_DIRECTORY`` (systemd) and
    ``/run/secrets`` (containers); an earlier one holds. Files that cannot be read are as if absent.
    """
    named = (environ.get("PMSYNC_SECRETS_DIR"), environ.get("CREDENTIALS_DIRECTORY"))
    tree = _tree({}, sites, "")
    for folder in (_SYSTEM_SECRETS, *reversed(named)):
        files = _secret_files(Path(folder)) if folder else {}
        tree = tree.merged(_tree(_sections(files), sites, f"secret file {folder}/"))
    return tree


def stray_variables(environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return a fault for every variable that looks like a setting and is none."""
    strays = [
        (name, section)
        for name in sorted(environ)
        if name.startswith(PREFIX)
        if "__" in name or name in {f"{PREFIX}{section}" for section in _SECTIONS}
        if (section := name.removeprefix(PREFIX).split("__")[0]) not in _SECTIONS
        or "__" not in name
    ]
    return tuple(
        Place(file=f"environment variable {name}", line=0).problem(
            "this names no setting",
            did_you_mean(f"{PREFIX}{section}__", [f"{PREFIX}{one}__" for one in _SECTIONS]),
        )
        for name, section in strays
    )


def secret_text(path: Path) -> str:
    """Return the content of a file that holds one secret, without space around it.

    Raises:
        OSError: It cannot be read.
        ValueError: It is not a short text.
    """
    with path.open("rb") as file:
        raw = file.read(LARGEST_SECRET + 1)
    if len(raw) > LARGEST_SECRET:
        message = "the file is too large for a secret"
        raise ValueError(message)
    try:
        return raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        message = "the file is not text"
        raise ValueError(message) from None


def _sections(variables: Mapping[str, str]) -> dict[str, str]:
    prefixes = tuple(f"{PREFIX}{section}__" for section in _SECTIONS)
    return {name: text for name, text in variables.items() if name.upper().startswith(prefixes)}


def _secret_files(folder: Path) -> dict[str, str]:
    found = {}
    try:
        files = [path for path in sorted(folder.iterdir()) if path.is_file()]
    except OSError:
        return {}
    for path in files:
        if path.name.upper().startswith(PREFIX):
            try:
                found[path.name] = secret_text(path)
            except (OSError, ValueError):
                continue
    return found


def _tree(variables: Mapping[str, str], sites: Mapping[str, object], called: str) -> Node:
    places = {
        tuple(name.lower().removeprefix(PREFIX.lower()).split("__")): Place(
            file=f"{called}{name}", line=0
        )
        for name in variables
    }
    root = _node(_Variables(variables)(), (), places)
    found = root.get("sites")
    if not found:
        return root
    written = {name.casefold().replace("-", "_"): name for name in sites}
    renamed = {written.get(name, name): node for name, node in found.items().items()}
    return root.with_value({**root.items(), "sites": found.with_value(renamed)})


def _node(value: Json, route: tuple[str, ...], places: Mapping[tuple[str, ...], Place]) -> Node:
    """Return *value* with the place of the first variable that leads there."""
    place = next(
        (place for at, place in places.items() if at[: len(route)] == route[: len(at)]),
        Place(file="environment", line=0),
    )
    if isinstance(value, dict):
        below = {key: _node(child, (*route, key), places) for key, child in value.items()}
        return Node(value=below, place=place)
    if isinstance(value, list):
        return Node(value=[_node(child, route, places) for child in value], place=place)
    return Node(value=value, place=place, text=str(value))
