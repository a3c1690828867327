"""Results go to standard output, everything else to standard error."""

import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Any

WIDE = 200
"""Columns where nobody says how many there are: a pipe has no width to wrap at."""


def write(text: str) -> None:
    """Write *text* and a line end to standard output."""
    sys.stdout.write(text.rstrip("\n") + "\n")


def say(text: str) -> None:
    """Write *text* and a line end to standard error."""
    sys.stderr.write(text.rstrip("\n") + "\n")


def write_json(value: Any) -> None:
    """Write *value* (dataclasses too) to standard output as indented JSON with sorted keys."""
    import msgspec

    encoded = msgspec.json.encode(value, order="sorted")
    write(msgspec.json.format(encoded, indent=2).decode())


def width() -> int:
    """Return the columns to write in: ``$COLUMNS``, else the terminal's, else plenty."""
    return shutil.get_terminal_size((WIDE, 1)).columns


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
) -> str:
    """Return a table as plain text, as wide as the terminal.

    Args:
        columns: The headings.
        rows: Texts, as many in each row as there are columns.
        right: Columns that are aligned to the right, and never folded.
        whole: Other columns that are never folded, such as names to copy.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # Text only, and without styles: what the console captures is the same everywhere.
    console = Console(file=sys.stdout, width=width(), color_system=None, legacy_windows=False)
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        drawn.add_column(
            column,
            justify="right" if column in right else "left",
            no_wrap=column in right or column in whole,
            overflow="fold",
        )
    for row in rows:
        drawn.add_row(*(Text(printable(cell)) for cell in row))
    with console.capture() as captured:
        console.print(drawn)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def item(mark: str, text: str) -> str:
    """Return *text* behind *mark*, folded to the terminal; what follows is set in.

    Example:
        >>> item("  - ", "one")
        '  - one'
    """
    return textwrap.fill(
        printable(text),
        max(width(), len(mark) + 20),
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_on_hyphens=False,
    )


def count(number: int, what: str) -> str:
    """Return a number with its noun.

    Example:
        >>> count(1, "page"), count(2, "page")
        ('1 page', '2 pages')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def printable(text: str) -> str:
    r"""Return *text* with characters that would steer a terminal made visible.

    Issue texts come from anybody: escape sequences, line ends and direction overrides in them
    must not draw on the reader's screen.

    Example:
        >>> printable("a" + chr(27) + "[2J" + chr(10) + "b")
        'a\\x1b[2J\\nb'
    """
    return "".join(one if _harmless(one) else one.encode("unicode_escape").decode() for one in text)


def _harmless(character: str) -> bool:
    # A joiner and a variation selector belong to emoji and to several scripts.
    return character.isprintable() or character in "\u200d\ufe0f"
