"""Finds the configuration's files and reads them all, so that every fault is told at once."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from pmsync.config.configuration import Configuration
from pmsync.config.operator import ReadOperator, read_operator
from pmsync.config.product import ReadProduct, first_by_place, read_product
from pmsync.config.sources import PREFIX
from pmsync.core.errors import ConfigError, Problem

FILE_NAME = "pmsync.yaml"
PRODUCTS = "products"
READ_ONLY = "PMSYNC_READ_ONLY"
SINGLE = (READ_ONLY, "PMSYNC_CONFIG", "PMSYNC_SECRETS_DIR")
"""The variables that name no key of a file."""
_SUFFIXES = (".yaml", ".yml")
_PRODUCT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_ALIKE = 0.7  # a share of letters: READONLY_MODE is near READ_ONLY, SERVICE_HOST near nothing
_ON, _OFF = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def load(path: Path | None, environ: Mapping[str, str]) -> Configuration:
    """Return the configuration.

    Args:
        path: The operator's file; None: the first there is of :func:`places`.
        environ: The environment; only variables named ``PMSYNC_…`` and, for the folder of
            secrets, ``CREDENTIALS_DIRECTORY`` are looked at.

    Raises:
        ConfigError: Anything is wrong with any file; carries all the faults there are.
    """
    operator_file = _found(path, environ)
    operator = read_operator(operator_file, str(operator_file), environ)
    files = tuple(_product_files(operator_file.parent / PRODUCTS))
    names = operator.site_names
    products = {
        file.stem: read_product(file, str(file), operator.time_zone, names) for file in files
    }
    read_only, stray = _read_only(environ)
    faults = (*_slips(environ), *stray, *operator.problems, *_file_faults(files))
    _refuse((*faults, *(fault for read in products.values() for fault in read.problems)))
    return Configuration(
        sites=operator.sites,
        products={name: read.rules for name, read in products.items() if read.rules},
        state=operator.state,
        time_zone=operator.time_zone,
        read_only=read_only,
        files=(operator_file, *files),
        origins=_origins(operator, products),
        tokens=operator.tokens,
    )


def places(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Return where the operator's file is looked for, best first."""
    named = environ.get("PMSYNC_CONFIG")
    if named:
        return (Path(named),)
    from platformdirs import user_config_path  # noqa: PLC0415 - only where nobody names the file

    here = (Path(FILE_NAME), Path("pmsync") / FILE_NAME)
    return (*here, user_config_path("pmsync") / FILE_NAME)


def _found(path: Path | None, environ: Mapping[str, str]) -> Path:
    candidates = (path,) if path else places(environ)
    if len(candidates) == 1:
        return candidates[0]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    looked = ", ".join(map(str, candidates))
    cure = "name it with --config or PMSYNC_CONFIG"
    raise ConfigError((Problem(what=f"there is no configuration; looked for {looked}", cure=cure),))


def _product_files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.suffix in _SUFFIXES and not path.name.startswith("."):
                yield path


def _file_faults(files: tuple[Path, ...]) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for path in files:
        if not _PRODUCT_ID.fullmatch(path.stem):
            what = f"{path.stem!r} cannot be a product's id: letters, digits, - and _ only"
            yield Problem(what=what, file=str(path), cure="rename the file")
        other = first.setdefault(path.stem.casefold(), path)
        if other is not path:
            what = f"{other.name} declares the same product"
            yield Problem(what=what, file=str(path), cure="rename or remove one of them")


def _read_only(environ: Mapping[str, str]) -> tuple[bool, tuple[Problem, ...]]:
    """Return whether writes are off; what cannot be understood is a fault, not a permission."""
    word = environ.get(READ_ONLY, "").strip().casefold()
    if word in _ON | _OFF:
        return word in _ON, ()
    what = f"environment variable {READ_ONLY}: expected 1 or 0"
    return True, (Problem(what=what, cure="write 1 to refuse every write, 0 to allow them"),)


def _slips(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a fault for every variable that is nearly one of ours: it would do nothing, silently.

    What is like none of them belongs to somebody else, such as Kubernetes for a service's name.
    """
    for name in sorted(environ):
        word = name.upper().replace("-", "_")
        if name in SINGLE or "__" in name or not word.startswith(PREFIX):
            continue
        near = get_close_matches(
            word.removeprefix(PREFIX),
            [one.removeprefix(PREFIX) for one in SINGLE],
            n=1,
            cutoff=_ALIKE,
        )
        if near:
            what = f"environment variable {name}: this names no setting"
            yield Problem(what=what, cure=f"did you mean {PREFIX}{near[0]}?")


def _origins(operator: ReadOperator, products: Mapping[str, ReadProduct]) -> dict[str, str]:
    found = dict(operator.origins)
    for name, read in products.items():
        own = {f"products.{name}.{key}": place for key, place in read.origins.items()}
        if "defaults.time_zone" in found:
            own.setdefault(f"products.{name}.time_zone", found["defaults.time_zone"])
        found |= own
    return found


def _refuse(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise ConfigError(first_by_place(problems))
