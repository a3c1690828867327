"""A site's token: from the settings, its file or the keyring, and what to do if there is none."""

import importlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from pmsync.config.sources import PREFIX, secret_text
from pmsync.core.errors import Problem

KEYRING_ENTRY = "pmsync"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What was found where a site's token should be.

    Attributes:
        secret: None if there is none.
        origin: Where it came from; empty if nowhere.
        problem: Why it cannot be used; None where nothing is said of it at all.
    """

    secret: SecretStr | None = None
    origin: str = ""
    problem: Problem | None = None


def variable_of(site: str) -> str:
    """Return the environment variable that gives the token of *site*.

    Example:
        >>> variable_of("acme-eu")
        'PMSYNC_SITES__ACME_EU__TOKEN'
    """
    return f"{PREFIX}SITES__{site.upper().replace('-', '_')}__TOKEN"


def checked_token(secret: SecretStr, origin: str) -> Token:
    """Return the token, or why it cannot be one; the text itself is never repeated."""
    text = secret.get_secret_value().strip()
    if text and text.isascii() and text.isprintable() and " " not in text:
        return Token(secret=SecretStr(text), origin=origin)
    fault = "is empty" if not text else "has characters that no token has (a space, a line break?)"
    return Token(origin=origin, problem=Problem(what=f"{origin}: the token {fault}"))


def token_from_file(path: Path) -> Token:
    """Return the token in the file *path*, or why it cannot be read."""
    origin = f"secret file {path}"
    try:
        text = secret_text(path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        what = f"the token's file cannot be read: {reason}"
        return Token(problem=Problem(what=f"{origin}: {what}"))
    return checked_token(SecretStr(text), origin)


def token_from_keyring(site: str) -> Token:
    """Return the token that the keyring holds for *site*; an empty one without keyring."""
    try:
        keyring = importlib.import_module("keyring")
        text = keyring.get_password(KEYRING_ENTRY, site)
    except Exception:  # noqa: BLE001 - an extra with back ends of its own kinds; no keyring, no token
        return Token()
    return checked_token(SecretStr(text), "keyring") if text else Token()


def missing_token(site: str) -> Problem:
    """Return the fault of a site without token, with every way to give one."""
    variable = variable_of(site)
    return Problem(
        what=f"there is no token for the site {site}",
        cure=(
            f"set the environment variable {variable}; or put the token into a file and name it "
            f"in {variable}_FILE or under token_file:; or, where the package "
            f"keyring is installed, run: keyring set {KEYRING_ENTRY} {site}"
        ),
    )
