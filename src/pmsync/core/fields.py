"""From field names in the rules to field ids in Jira, per project, pinned once they are known.

Names are not unique in Jira and may change; ids stay. So a name is resolved once, the result is
pinned, and later runs go by the pinned id and notice when its name or type is another one.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pmsync.core.model import Field, Project

EVERYWHERE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """What a name meant when it was first resolved."""

    id: str
    name: str
    type_key: str


Pins = Mapping[str, Mapping[str, Pin]]
"""``{name in the rules: {project key, or * for all: pin}}``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The outcome of resolving all names.

    Attributes:
        found: ``{snapshot name: {project key or *: field}}``.
        pins: What to pin now, earlier pins included.
        problems: Why a rule must stop, one sentence each.
        warnings: What a person should know, while the rule goes on.
    """

    found: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)
    pins: Pins = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def in_project(self, name: str, project: str) -> Field | None:
        """Return the field that *name* means in *project*; None where there is none."""
        scoped = self.found.get(name, {})
        return scoped.get(project) or scoped.get(EVERYWHERE)

    def fields(self) -> tuple[Field, ...]:
        """Return every field that has to be fetched, once, by id."""
        unique = {one.id: one for scoped in self.found.values() for one in scoped.values()}
        return tuple(unique[key] for key in sorted(unique))


def resolve(
    names: Mapping[str, str],
    catalogue: Iterable[Field],
    projects: Iterable[Project],
    pins: Pins,
) -> Resolution:
    """Resolve every configured field name or id.

    Args:
        names: ``{snapshot name: field name or id as configured}``.
        catalogue: Jira's whole field catalogue.
        projects: The visible projects, to tell whose a team-managed field is.
        pins: What earlier runs pinned.
    """
    fields = tuple(catalogue)
    keys = {project.id: project.key for project in projects}
    found: dict[str, dict[str, Field]] = {}
    problems: list[str] = []
    warnings: list[str] = []
    for name, wanted in names.items():
        pinned = pins.get(name, {})
        if pinned and _still_means(pinned, wanted):
            scoped, wrong, odd = _by_pin(name, pinned, fields)
            new = _newcomers(wanted, scoped, fields, keys)
            odd += [
                f"{name}: project {where} has a field {one.name} ({one.id}) of its own now,"
                " which is read there"
                for where, one in new.items()
            ]
            scoped |= new
        else:
            scoped, wrong = _by_name(name, wanted, fields, keys)
            odd = []
        found[name] = scoped
        problems += wrong
        warnings += odd
    new_pins = {
        name: {
            where: Pin(id=one.id, name=one.name, type_key=one.type_key)
            for where, one in scoped.items()
        }
        for name, scoped in found.items()
        if scoped
    }
    return Resolution(
        found=found,
        pins=_keep_names(new_pins, pins, names),
        problems=tuple(problems),
        warnings=tuple(warnings),
    )


def _still_means(pinned: Mapping[str, Pin], wanted: str) -> bool:
    """Return whether the rule still asks for what was pinned; an edited rule resolves anew."""
    return all(wanted.casefold() in {pin.name.casefold(), pin.id} for pin in pinned.values())


def _by_pin(
    name: str, pinned: Mapping[str, Pin], fields: tuple[Field, ...]
) -> tuple[dict[str, Field], list[str], list[str]]:
    by_id = {one.id: one for one in fields}
    scoped: dict[str, Field] = {}
    problems: list[str] = []
    warnings: list[str] = []
    for where, pin in pinned.items():
        current = by_id.get(pin.id)
        if current is None:
            problems.append(
                f"{name}: field {pin.name} ({pin.id}) no longer exists in Jira, or is hidden"
            )
        elif current.type_key != pin.type_key:
            problems.append(
                f"{name}: field {pin.name} ({pin.id}) was of type {pin.type_key}"
                f" and is now {current.type_key}"
            )
        else:
            scoped[where] = current
            if current.name != pin.name:
                warnings.append(f"{name}: field {pin.name} ({pin.id}) is now called {current.name}")
    return scoped, problems, warnings


def _by_name(
    name: str, wanted: str, fields: tuple[Field, ...], keys: Mapping[str, str]
) -> tuple[dict[str, Field], list[str]]:
    matching = [
        one for one in fields if wanted == one.id or wanted.casefold() == one.name.casefold()
    ]
    if not matching:
        return {}, [_missing(name, wanted, fields)]
    candidates = _by_place(matching, keys)
    if not candidates:
        listed = _listed(matching)
        return {}, [f"{name}: {wanted} is a field of projects that cannot be seen: {listed}"]
    problems = [
        f"{name}: {len(several)} fields{_in(where)} are called {wanted}: {_listed(several)};"
        " write the id of the one you mean"
        for where, several in candidates.items()
        if len(several) > 1
    ]
    return (
        ({}, problems) if problems else ({where: one for where, (one,) in candidates.items()}, [])
    )


def _by_place(matching: Iterable[Field], keys: Mapping[str, str]) -> dict[str, list[Field]]:
    """Return ``{project key or *: fields that apply there}``, global ones first."""
    found: dict[str, list[Field]] = {}
    for one in sorted(matching, key=lambda one: (bool(one.projects), one.id)):
        places = [keys[project] for project in one.projects if project in keys]
        for where in places if one.projects else [EVERYWHERE]:
            found.setdefault(where, []).append(one)
    return found


def _newcomers(
    wanted: str, scoped: Mapping[str, Field], fields: Iterable[Field], keys: Mapping[str, str]
) -> dict[str, Field]:
    """Return fields of that name in projects that are not pinned yet, where it is one field."""
    named = (one for one in fields if one.projects and one.name.casefold() == wanted.casefold())
    return {
        where: several[0]
        for where, several in _by_place(named, keys).items()
        if where not in scoped and len(several) == 1
    }


def _listed(fields: Iterable[Field]) -> str:
    return ", ".join(f"{one.id} ({one.type_key})" for one in fields)


def _in(where: str) -> str:
    return "" if where == EVERYWHERE else f" in project {where}"


def _missing(name: str, wanted: str, fields: tuple[Field, ...]) -> str:
    known = {one.name.casefold(): one for one in fields}
    close = difflib.get_close_matches(wanted.casefold(), known, n=3, cutoff=0.5)
    if not close:
        return f"{name}: Jira has no field called {wanted}"
    listed = ", ".join(f"{known[text].name} ({known[text].id})" for text in close)
    return f"{name}: Jira has no field called {wanted}; similar: {listed}"


def _keep_names(new: Pins, old: Pins, names: Mapping[str, str]) -> Pins:
    """Return the pins to keep: a renamed field keeps the name its rule is written with.

    Once the rule is written anew, so is the pin; else it would never be gone by again.
    """
    kept: dict[str, dict[str, Pin]] = {}
    for name, scoped in new.items():
        before = old.get(name, {})
        before = before if _still_means(before, names[name]) else {}
        kept[name] = {
            where: before[where] if where in before and before[where].id == pin.id else pin
            for where, pin in scoped.items()
        }
    pins = {name: kept.get(name) or dict(old.get(name, {})) for name in names}
    return {name: scoped for name, scoped in pins.items() if scoped}
