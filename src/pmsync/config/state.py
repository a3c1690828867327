"""Where pmsync remembers, as an SQLAlchemy address."""

from pathlib import Path

DEFAULT_NAME = "pmsync.db"
_FILE = "sqlite:///"
_POSTGRES = "postgresql+psycopg"


def state_address(written: str | None, folder: Path) -> str:
    """Return the SQLAlchemy address of the store.

    Args:
        written: A path or an address; None: ``pmsync.db`` in *folder*.
        folder: Folder of the operator's file; relative paths begin there.

    Raises:
        ValueError: The address is of no database that pmsync can use; the arguments are fault
            and cure, and do not repeat the address, since a password may stand in it.
    """
    text = DEFAULT_NAME if written is None else written.strip()
    if not text:
        fault = "the place of the state is empty"
        raise ValueError(fault, "leave the key out, or write a path")
    scheme, separator, rest = text.partition("://")
    if not separator:
        return _FILE + _absolute(text, folder)
    if scheme == "sqlite":
        return _sqlite(rest, folder)
    if scheme == _POSTGRES and rest.strip("/"):
        return text
    fault = "the state is kept in SQLite or PostgreSQL"
    raise ValueError(fault, f"write a path, {_FILE}FILE or {_POSTGRES}://HOST/DATABASE")


def shown_address(address: str) -> str:
    """Return *address* with its password masked."""
    scheme, separator, rest = address.partition("://")
    credentials, at, host = rest.rpartition("@")
    user, colon, _ = credentials.partition(":")
    hidden = f"{user}:***@" if colon else f"{credentials}{at}"
    base, mark, _ = host.partition("?")
    query = f"{mark}***" if mark else ""
    return f"{scheme}{separator}{hidden}{base}{query}"


def _sqlite(rest: str, folder: Path) -> str:
    path, mark, query = rest.removeprefix("/").partition("?")
    if path in {"", ":memory:"}:
        fault = "a store in memory forgets what it wrote, and pmsync could not tell a second run"
        raise ValueError(fault, f"write a file, such as {_FILE}{DEFAULT_NAME}")
    return _FILE + _absolute(path, folder) + mark + query


def _absolute(path: str, folder: Path) -> str:
    return (folder / Path(path).expanduser()).absolute().as_posix()
