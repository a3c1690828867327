"""The operator's file, with what environment and secret files lay over it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from pmsync.config.credentials import (
    Token,
    checked_token,
    missing_token,
    token_from_file,
    variable_of,
)
from pmsync.config.nodes import Node, origins_of
from pmsync.config.reading import read_yaml
from pmsync.config.settings import OperatorSettings, SiteSettings
from pmsync.config.sources import environment_tree, secrets_tree, stray_variables
from pmsync.config.state import state_address
from pmsync.config.tree import shown
from pmsync.config.wording import did_you_mean, found_in, problems_of, unknown_key
from pmsync.core.errors import Problem

_SITE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*([_-][A-Za-z0-9]+)*")
_KEYS = tuple(OperatorSettings.model_fields)
_FROM_FILE = 1  # lines are counted from 1; a place in the environment has line 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOperator:
    """The operator's settings after reading.

    Attributes:
        problems: All faults; the other attributes are of use where there are none.
        sites: ``{name: settings}``, with absolute paths.
        site_names: ``{site: whether it has a Confluence}``; also where the settings are wrong.
        time_zone: The default of the products.
        state: SQLAlchemy address of the store.
        tokens: ``{site: its token}``, without what the keyring holds.
        origins: ``{dotted key: place}``.
    """

    problems: tuple[Problem, ...]
    sites: Mapping[str, SiteSettings] = field(default_factory=dict)
    site_names: Mapping[str, bool] | None = None
    time_zone: str = "UTC"
    state: str = field(default="", repr=False)
    tokens: Mapping[str, Token] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)


def read_operator(path: Path, name: str, environ: Mapping[str, str]) -> ReadOperator:
    """Read the operator's file *path*; messages call it *name*."""
    written, faults = read_yaml(path, name)
    if written is None:
        return ReadOperator(problems=faults)
    if not isinstance(written.value, dict):
        fault = written.place.problem(f"expected a block of keys, found {found_in(written)}")
        return ReadOperator(problems=(*faults, fault))
    names = _block(written, "sites")
    environment = environment_tree(environ, names)
    merged = (
        _without_tokens(written)
        .merged(secrets_tree(environ, names))
        .merged(_without_slips(environment, names))
    )
    early = (
        *faults,
        *stray_variables(environ),
        *_unknown_keys(written),
        *_tokens_in_file(written),
        *_unknown_sites(environment, names),
        *_site_names_faults(names),
    )
    known = merged.with_value({key: node for key, node in merged.items().items() if key in _KEYS})
    return _validated(known, (*early, *_certificates(merged, path.parent)), path.parent)


def _validated(merged: Node, early: tuple[Problem, ...], folder: Path) -> ReadOperator:
    names = {name: bool(site.get("confluence")) for name, site in _block(merged, "sites").items()}
    try:
        settings = OperatorSettings.model_validate(merged.plain())
    except ValidationError as error:
        wrong = problems_of(error, OperatorSettings, merged, quote=False)
        return ReadOperator(problems=(*early, *wrong), site_names=names)
    sites = {name: _located(site, merged, name, folder) for name, site in settings.sites.items()}
    tokens = {name: _token(site, merged, name) for name, site in sites.items()}
    unusable = [token.problem for token in tokens.values() if token.problem and token.origin]
    late = (*_no_sites(merged, sites), *unusable)
    return ReadOperator(
        problems=(*early, *late),
        sites={
            name: site.model_copy(update={"token": tokens[name].secret})
            for name, site in sites.items()
        },
        site_names=names,
        time_zone=settings.defaults.time_zone,
        state=state_address(settings.defaults.state, folder.absolute()),
        tokens=tokens,
        origins=_origins(merged, tokens),
    )


def _unknown_keys(written: Node) -> Iterator[Problem]:
    for key, node in written.items().items():
        if key not in _KEYS:
            yield unknown_key(node, key, _KEYS)


def _tokens_in_file(written: Node) -> Iterator[Problem]:
    for name, site in _block(written, "sites").items():
        if token := site.get("token"):
            fault = "a token does not belong into a file that is shared and copied"
            cure = f"remove it and {missing_token(name).cure}"
            yield token.at.problem(fault, cure)


def _without_tokens(written: Node) -> Node:
    sites = {
        name: site.with_value({key: node for key, node in site.items().items() if key != "token"})
        if site.items()
        else site
        for name, site in _block(written, "sites").items()
    }
    if not sites:
        return written
    block = written.items()["sites"].with_value(sites)
    return written.with_value({**written.items(), "sites": block})


def _unknown_sites(environment: Node, names: Mapping[str, Node]) -> Iterator[Problem]:
    for name in _slips(environment, names):
        site = _block(environment, "sites")[name]
        near = {variable_of(known).removesuffix("TOKEN") + "…": known for known in names}
        yield site.place.problem(
            f"there is no site {shown(name)}", did_you_mean(f"PMSYNC_SITES__{name}__…", near)
        )


def _slips(environment: Node, names: Mapping[str, Node]) -> list[str]:
    """Return the sites that are in the environment alone, and not as a whole."""
    sites = _block(environment, "sites").items()
    return [name for name, site in sites if name not in names and not site.get("jira")]


def _without_slips(environment: Node, names: Mapping[str, Node]) -> Node:
    slips = _slips(environment, names)
    sites = _block(environment, "sites").items()
    kept = {name: site for name, site in sites if name not in slips}
    if not slips:
        return environment
    rest = {key: node for key, node in environment.items().items() if key != "sites"}
    block = {"sites": environment.items()["sites"].with_value(kept)} if kept else {}
    return environment.with_value({**rest, **block})


def _site_names_faults(names: Mapping[str, Node]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, node in names.items():
        if not _SITE_NAME.fullmatch(name):
            fault = f"{shown(name)} cannot name a site: letters, digits, single - and _ only"
            yield node.at.problem(fault)
        elif (other := first.setdefault(variable_of(name), name)) != name:
            fault = f"{other} and {name} would share the variable {variable_of(name)}"
            yield node.at.problem(fault, "rename one of them")


def _no_sites(merged: Node, sites: Mapping[str, SiteSettings]) -> Iterator[Problem]:
    if not sites:
        cure = "add such as acme: {jira: https://acme.atlassian.net}"
        yield merged.items()["sites"].at.problem("there is no site", cure)


def _located(site: SiteSettings, merged: Node, name: str, folder: Path) -> SiteSettings:
    """Return *site* with absolute paths: those of the file begin in its folder."""
    found = {}
    for key in ("token_file", "ca_bundle"):
        node = merged.get("sites", name, key)
        if node and getattr(site, key):
            found[key] = _path(node, folder)
    return site.model_copy(update=found)


def _path(node: Node, folder: Path) -> Path:
    base = folder if node.place.line >= _FROM_FILE else Path()
    return (base / Path(str(node.value)).expanduser()).absolute()


def _token(site: SiteSettings, merged: Node, name: str) -> Token:
    token, file = (merged.get("sites", name, key) for key in ("token", "token_file"))
    origin = str(token.place) if token else ""
    named_aloud = file is not None and file.place.line < _FROM_FILE
    if site.token and not (named_aloud and origin.startswith("secret file")):
        return checked_token(site.token, origin)
    return token_from_file(site.token_file) if site.token_file else Token()


def _certificates(merged: Node, folder: Path) -> Iterator[Problem]:
    for site in _block(merged, "sites").values():
        node = site.get("ca_bundle")
        if node and isinstance(node.value, str) and not _path(node, folder).is_file():
            yield node.place.problem("there is no such file of certificates")


def _origins(merged: Node, tokens: Mapping[str, Token]) -> dict[str, str]:
    found = origins_of(merged)
    return found | {
        f"sites.{name}.token": token.origin for name, token in tokens.items() if token.origin
    }


def _block(root: Node, key: str) -> Mapping[str, Node]:
    node = root.get(key)
    return node.items() if node else {}
