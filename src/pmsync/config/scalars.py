"""Plain scalars by YAML 1.2's core schema, so that ``NO``, ``12:30`` and ``yes`` stay text."""

import re

from pmsync.config.nodes import Scalar

LONGEST_NUMBER = 18  # digits; more cannot be told apart as a 64-bit float anyway

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def resolve(text: str) -> Scalar:
    """Return what the unquoted *text* means.

    Raises:
        ValueError: It looks like a number and cannot be taken for one; says why.

    Example:
        >>> [resolve(text) for text in ("NO", "12:30", "1e3", "true", "~", "7")]
        ['NO', '12:30', 1000.0, True, None, 7]
    """
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _OTHER_BASE.fullmatch(text) and len(text) <= LONGEST_NUMBER:
        return int(text, 0)
    if _ENDLESS.fullmatch(text):
        message = f"{text} is not a number to calculate with"
        raise ValueError(message)
    if _FLOAT.fullmatch(text):
        return _finite(text)
    return text


def _integer(text: str) -> int:
    digits = text.lstrip("+-")
    if len(digits) > 1 and digits.startswith("0"):
        message = "a number with a leading zero means different things in different programs"
        raise ValueError(message)
    if len(digits) > LONGEST_NUMBER:
        message = f"a number with more than {LONGEST_NUMBER} digits"
        raise ValueError(message)
    return int(text)


def _finite(text: str) -> float:
    value = float(text)
    if abs(value) == float("inf"):
        message = "a number too large to calculate with"
        raise ValueError(message)
    return value
