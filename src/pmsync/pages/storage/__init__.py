"""Storage format: parsed, checked against what pages may hold, and compared."""

from pmsync.pages.storage.allowed import check
from pmsync.pages.storage.canonical import body_hash, canonical, comment_refs, text_size
from pmsync.pages.storage.tree import BodyError, parse

__all__ = [
    "BodyError",
    "body_hash",
    "canonical",
    "check",
    "comment_refs",
    "parse",
    "text_size",
]
