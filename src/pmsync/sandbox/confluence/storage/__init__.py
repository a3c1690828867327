"""Storage format as Confluence Cloud keeps it: parsed, checked, normalised and written out.

A parser of the sandbox's own, on purpose: what pmsync believes about storage format must not be
judged by pmsync's own code.
"""

from pmsync.sandbox.confluence.storage.checking import check
from pmsync.sandbox.confluence.storage.normalising import IdSource, normalise
from pmsync.sandbox.confluence.storage.parsing import StorageError, parse
from pmsync.sandbox.confluence.storage.writing import write

__all__ = ["IdSource", "StorageError", "check", "normalise", "parse", "save", "write"]


def save(body: str, ids: IdSource) -> str:
    """What Confluence keeps of a body that somebody sends.

    Args:
        body: Storage format; may hold HTML's named entities, CDATA and comments.
        ids: Where new macro, task and local ids come from.

    Returns:
        The body as the next reader gets it. Saving that again changes nothing.

    Raises:
        StorageError: It is not well-formed, or holds what Cloud refuses; in Cloud's words.
    """
    root = parse(body)
    check(root)
    normalise(root, ids)
    return write(root)
