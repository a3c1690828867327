"""Account ids of people whom an input knows by name only."""

from hashlib import sha256


def account_id(name: str) -> str:
    """The same 24 hex digits for the same name or key, as Atlassian's account ids look."""
    return sha256(f"account:{name}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
