"""Keeps secrets out of logs and tracebacks, whoever writes them and at whatever level.

Both client libraries log requests at DEBUG; a log filter on our own loggers would not see them.
So records are cleaned where they are born (the record factory), and again at the root's handlers
for those that another factory made.
"""

import base64
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Final
from urllib.parse import quote, quote_plus

from typing_extensions import override

MARK: Final = "[redacted]"
SHORTEST = 4
"""Shorter secrets are not looked for: they would blot out ordinary text."""

_SCHEMES = r"(?:basic|bearer|jwt|negotiate|digest)"
_PATTERNS: Final = (
    # A header in any notation: curl line, dict, JSON, header block.
    (
        re.compile(
            rf"(?i)((?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?(?:{_SCHEMES}\s+)?)[^\s\"',}}]+"
        ),
        rf"\g<1>{MARK}",
    ),
    # The scheme alone; two capitals or digits tell a token from a word ("basic approach").
    (
        re.compile(
            rf"(?i)\b({_SCHEMES}\s+)(?=(?-i:(?:[a-z+/=._~-]*[A-Z0-9]){{2}}))[\w+/=.~-]{{8,}}"
        ),
        rf"\g<1>{MARK}",
    ),
    (re.compile(r"(?i)((?:set-)?cookie[\"']?\s*[:=]\s*[\"']?)[^\n\"'}]+"), rf"\g<1>{MARK}"),
    (re.compile(r"(://)[^/\s@\"']+@"), rf"\g<1>{MARK}@"),
    (re.compile(r"ATATT3x[\w=.-]{8,}"), MARK),
)


class Redactor(logging.Filter):
    """Replaces every known secret, in every form it is sent in, and what looks like one.

    Args:
        secrets: Live values: tokens, passwords.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._forms: frozenset[str] = frozenset()
        self._known: re.Pattern[str] | None = None
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Look for one secret more; does nothing for text shorter than ``SHORTEST``."""
        if len(secret) < SHORTEST:
            return
        with self._lock:
            self._forms |= frozenset(_forms(secret))
            # Longest first: a form may contain another.
            ordered = sorted(self._forms, key=len, reverse=True)
            self._known = re.compile("|".join(ordered))

    def clean(self, text: str) -> str:
        """Return *text* without secrets."""
        if self._known is not None:
            text = self._known.sub(MARK, text)
        for pattern, put in _PATTERNS:
            text = pattern.sub(put, text)
        return text

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Clean *record* in place; always True, nothing is dropped."""
        record.msg = self.clean(_message(record))
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = "".join(traceback.format_exception(*record.exc_info)).rstrip()
        if record.exc_text:
            record.exc_text = self.clean(record.exc_text)
            # A handler that draws tracebacks itself would draw the original.
            record.exc_info = None
        if record.stack_info:
            record.stack_info = self.clean(record.stack_info)
        return True

    def install(self) -> None:
        """Clean every log record and every uncaught exception of this process from now on."""
        made = logging.getLogRecordFactory()

        def clean_record(*args: object, **kwargs: object) -> logging.LogRecord:
            record = made(*args, **kwargs)
            self.filter(record)
            return record

        logging.setLogRecordFactory(clean_record)
        for handler in logging.getLogger().handlers:
            handler.addFilter(self)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread

    def _uncaught(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        sys.stderr.write(self.clean("".join(traceback.format_exception(kind, error, trace))))

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            self._uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # logging itself prints such records, uncleaned
        return f"{record.msg} {record.args}"


def _forms(secret: str) -> Iterator[str]:
    """Patterns of the secret in plain, URL-encoded, escaped and base64 text."""
    escaped = json.dumps(secret)[1:-1]
    quoted = (quote(secret, safe=""), quote_plus(secret))
    for plain in (secret, *quoted, escaped, escaped.replace("/", r"\/"), repr(secret)[1:-1]):
        yield re.escape(plain)
    for letters in _base64_forms(secret.encode()):
        # With the letters at the borders, which hold bits of the secret too.
        yield rf"[\w+/-]{{0,2}}{re.escape(letters)}[\w+/-]{{0,3}}={{0,2}}"


def _base64_forms(secret: bytes) -> Iterator[str]:
    """The letters that stand for *secret* wherever it lies in encoded text (``user:secret``).

    Base64 turns three bytes into four letters, so there are three alignments; the letters at the
    borders depend on the neighbours and are left out.
    """
    for before in range(3):
        letters = base64.b64encode(b"\0" * before + secret).decode().rstrip("=")
        first = -(-before * 8 // 6)
        last = (before + len(secret)) * 8 // 6
        for form in {letters[first:last], letters[first:last].translate(_URL_SAFE)}:
            if len(form) >= SHORTEST:
                yield form


_URL_SAFE = str.maketrans("+/", "-_")
