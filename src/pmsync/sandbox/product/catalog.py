"""The authored part of the generated product: what is in the ``catalog`` folder, as values."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A story, bug or task as authored; ``text`` is the release note of a done one."""

    kind: str
    state: str
    summary: str
    text: str | None
    restricted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Epic:
    """An epic with what stands below it.

    Attributes:
        ref: Short name, unique over both projects.
        state: Name of a released version, ``doing`` or ``todo``.
        version: The version it is meant for, if any.
        estimate: Reach a quarter, impact, confidence in percent, effort in person-months,
            class, business value and risk (0 to 10).
    """

    ref: str
    name: str
    state: str
    component: str
    version: str | None
    due: str | None
    labels: tuple[str, ...]
    restricted: bool
    estimate: tuple[float, str, float, float, str, float, float]
    why: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version as authored; dates are ISO days."""

    name: str
    start: str
    end: str
    released: bool
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """One project; ``loose`` items belong to no epic."""

    key: str
    name: str
    style: str
    components: tuple[str, ...]
    versions: tuple[Version, ...]
    epics: tuple[Epic, ...]
    loose: tuple[Item, ...]
    blocks: tuple[tuple[str, str], ...]
    relates: tuple[tuple[str, str], ...]


@cache
def catalogs() -> tuple[Catalog, ...]:
    """The two projects, SHOP first."""
    folder = files("pmsync.sandbox.product").joinpath("catalog")
    return tuple(
        _catalog(tomllib.loads(folder.joinpath(name).read_text("utf-8")))
        for name in ("shop.toml", "web.toml")
    )


def _catalog(raw: dict[str, Any]) -> Catalog:
    return Catalog(
        key=raw["key"],
        name=raw["name"],
        style=raw["style"],
        components=tuple(raw["components"]),
        versions=tuple(
            Version(name=name, start=start, end=end, released=released, description=text)
            for name, start, end, released, text in raw["versions"]
        ),
        epics=tuple(_epic(epic) for epic in raw["epic"]),
        loose=tuple(_item(item) for group in raw["loose"] for item in group["items"]),
        blocks=tuple((first, second) for first, second in raw.get("blocks", ())),
        relates=tuple((first, second) for first, second in raw.get("relates", ())),
    )


def _epic(raw: dict[str, Any]) -> Epic:
    reach, impact, confidence, effort, class_, value, risk = raw["estimate"]
    return Epic(
        ref=raw["ref"],
        name=raw["name"],
        state=raw["state"],
        component=raw["component"],
        version=raw.get("version"),
        due=raw.get("due"),
        labels=tuple(raw.get("labels", ())),
        restricted=raw.get("restricted", False),
        estimate=(reach, impact, confidence, effort, class_, value, risk),
        why=raw["why"],
        items=tuple(_item(item) for item in raw["items"]),
    )


def _item(raw: list[str]) -> Item:
    kind, state, summary, text, mark = (*raw, None, None)[:5]
    kinds = {"S": "Story", "B": "Bug", "T": "Task"}
    return Item(
        kind=kinds[str(kind)],
        state=str(state),
        summary=str(summary),
        text=text,
        restricted=mark == "restricted",
    )
