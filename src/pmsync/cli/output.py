"""Results go to standard output, everything else to standard error."""

import sys
from collections.abc import Sequence
from typing import Any

WIDE = 200
"""Columns where the output is no terminal: a pipe has no width to wrap at."""


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


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[str] = ()
) -> str:
    """Return a table as text: plain columns, as wide as the terminal, colours only there.

    Args:
        columns: The headings.
        rows: Texts, as many in each row as there are columns.
        right: Columns that are aligned to the right.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = sys.stdout.isatty()
    console = Console(file=sys.stdout, width=None if terminal else WIDE, highlight=False)
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        drawn.add_column(
            column,
            justify="right" if column in right else "left",
            no_wrap=column in right,
            overflow="fold",
        )
    for row in rows:
        drawn.add_row(*(Text(printable(cell)) for cell in row))
    with console.capture() as captured:
        console.print(drawn)
    return captured.get().rstrip("\n")


def printable(text: str) -> str:
    r"""Return *text* with characters that would steer a terminal made visible.

    Issue texts come from anybody: escape sequences, line ends and direction overrides in them
    must not draw on the reader's screen.

    Example:
        >>> printable("a" + chr(27) + "[2J" + chr(10) + "b")
        'a\\\\x1b[2J\\\\nb'
    """
    return "".join(one if _harmless(one) else one.encode("unicode_escape").decode() for one in text)


def _harmless(character: str) -> bool:
    if character.isprintable():
        return True
    return character in " \u200d\ufe0f"
