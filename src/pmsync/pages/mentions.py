"""Which issues a page speaks of, so that its readers' right to see them can be asked again."""

import json
import re

from pmsync.pages.fingerprint import as_json
from pmsync.pages.views.common import Source

_WORDS = re.compile(r"[\w-]+")


def mentioned(source: Source, view: object) -> tuple[str, ...]:
    """Return the ids of the issues whose key is anywhere in *view*, in Jira's order.

    A view holds the key of every issue it tells of, also where its page shows only a sentence.
    """
    words = set(_WORDS.findall(json.dumps(as_json(view), ensure_ascii=False)))
    return tuple(issue.id for issue in source.issues.values() if issue.key in words)
