"""Which addresses a site may have: https, or http on this machine, and nothing secret in them."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

_EXAMPLE = "write such as https://acme.atlassian.net"


def checked_address(url: str) -> str:
    """Return *url* without a trailing slash.

    Raises:
        ValueError: It is no address to send a token to; the arguments are fault and cure, and
            neither repeats the address, since a password may stand in it.
    """
    if any(char.isspace() or not char.isprintable() or char == "\\" for char in url):
        fault = "this address has a space, a backslash or a control character in it"
        raise ValueError(fault, _EXAMPLE)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        fault = "this is not an address"
        raise ValueError(fault, _EXAMPLE) from None
    wrong = _fault(parts, host or "")
    if wrong:
        raise ValueError(*wrong)
    return url.rstrip("/")


def _fault(parts: SplitResult, host: str) -> tuple[str, str] | None:
    if parts.scheme not in {"http", "https"} or not host:
        return "this is not a web address", _EXAMPLE
    if "@" in parts.netloc:
        return "an address must not hold a user or a password", "use account: and a token"
    if "?" in parts.geturl() or "#" in parts.geturl() or parts.query or parts.fragment:
        return "an address must not have a query (?) or a fragment (#)", _EXAMPLE
    if parts.scheme == "http" and not is_loopback(host):
        return "plain http would send the token readable over the network", "write https://"
    return None


def is_loopback(host: str) -> bool:
    """Whether *host* is this machine, by its name or its number.

    Example:
        >>> [is_loopback(host) for host in ("localhost", "127.0.0.1", "::1", "0x7f.1")]
        [True, True, True, False]
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
