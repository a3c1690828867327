"""The configuration in force as YAML, secrets masked, with where each value came from."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from pmsync.config.configuration import Configuration
from pmsync.config.variants import PAGES, WRITTEN
from pmsync.core.scoring.order import OrderKey

MASK = "**********"
DEFAULT = "default"
_WIDEST = 4096  # no line is folded, so that each comment stays beside its value


def show(configuration: Configuration) -> str:
    """Return the configuration as YAML text.

    Each value ends in a comment: the place it was written at, the variable or secret file that
    gave it, or ``default``; what has no value is left out. A product's part has the shape of its
    file, and can be copied into one.
    """
    shown = _Shown(configuration.origins)
    sites = {name: _site(configuration, name) for name in configuration.sites}
    defaults = {"time_zone": configuration.time_zone, "state": configuration.state_shown}
    root = CommentedMap()
    root["sites"] = shown.block(sites.items(), "sites")
    root["defaults"] = shown.block(defaults.items(), "defaults")
    root["products"] = shown.block(configuration.products.items(), "products")
    text = StringIO()
    yaml = YAML()
    yaml.width = _WIDEST
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(root, text)
    files = "".join(f"# file: {path}\n" for path in configuration.files)
    writes = "# every write is refused (PMSYNC_READ_ONLY)\n" if configuration.read_only else ""
    return files + writes + text.getvalue()


def _site(configuration: Configuration, name: str) -> Mapping[str, Any]:
    found = configuration.sites[name].model_dump(mode="json", exclude={"token"})
    token = configuration.tokens.get(name)
    return {**found, "token": MASK} if token and token.secret else found


class _Shown:
    """Values as they are written in the files, with the origin of each beside it."""

    def __init__(self, origins: Mapping[str, str]) -> None:
        self._origins = origins

    def block(self, entries: Iterable[tuple[str, Any]], route: str) -> CommentedMap:
        """Return a mapping of ``(attribute, value)`` pairs."""
        return self._commented([(name, name, value) for name, value in entries], route)

    def _commented(self, entries: Iterable[tuple[str, str, Any]], route: str) -> CommentedMap:
        block = CommentedMap()
        for key, attribute, value in entries:
            if value is None or value == "":  # as if the key were left out
                continue
            below = f"{route}.{attribute}"
            block[key] = self._value(value, below)
            if _on_one_line(block[key]):
                block.yaml_add_eol_comment(self._origin(below), key, column=0)
        return block

    def _value(self, value: Any, route: str) -> Any:
        if isinstance(value, OrderKey):
            return f"{value.by} {value.direction}" if value.direction else value.by
        if is_dataclass(value) and not isinstance(value, type):
            return self._rules(value, route)
        if isinstance(value, Mapping):
            return self.block(value.items(), route)
        if isinstance(value, tuple):
            rows = [self._value(item, f"{route}.{at}") for at, item in enumerate(value)]
            return _list(rows)
        return value

    def _rules(self, rules: Any, route: str) -> CommentedMap:
        names = [field.name for field in fields(rules)]
        keys = {name: WRITTEN.get((type(rules), name), name) for name in names}
        entries = [(key, name, getattr(rules, name)) for name, key in keys.items() if key]
        if type(rules) not in PAGES.values():
            return self._commented(entries, route)
        options = [entry for entry in entries if entry[0] != "kind"]
        return CommentedMap({rules.kind: self._commented(options, route)})

    def _origin(self, route: str) -> str:
        """Return the origin of a value, or of the first item of a list."""
        if route in self._origins:
            return self._origins[route]
        below = (place for at, place in self._origins.items() if at.startswith(f"{route}."))
        return next(below, DEFAULT)


def _list(rows: list[Any]) -> CommentedSeq:
    rows_shown = CommentedSeq(rows)
    if not any(isinstance(row, dict) for row in rows):
        rows_shown.fa.set_flow_style()
    return rows_shown


def _on_one_line(value: Any) -> bool:
    if isinstance(value, CommentedSeq):
        return not any(isinstance(row, dict) for row in value)
    return not (isinstance(value, dict) and value)
