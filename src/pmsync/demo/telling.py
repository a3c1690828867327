"""How the demo speaks: headings, sentences, commands with their answers, lists; 100 columns."""

import shutil
import sys
import textwrap
from collections.abc import Iterable

WIDEST = 100
NOTES = "To know:"


def columns() -> int:
    """Return the columns to write in, also for the commands whose answers are shown."""
    return min(WIDEST, shutil.get_terminal_size((WIDEST, 1)).columns)


def heading(number: int, text: str) -> None:
    """Begin an act."""
    title = f"── {number}  {text} "
    write(f"\n{title}{'─' * max(0, columns() - len(title))}\n")


def tell(text: str) -> None:
    """Say something, folded."""
    write(textwrap.fill(text, columns(), break_on_hyphens=False, break_long_words=False))


def remark(text: str) -> None:
    """Say something of the answer above."""
    write("")
    tell(text)


def listed(texts: Iterable[str], *, most: int = 6) -> None:
    """Say several things below one another; from *most* on only how many there are."""
    found = list(texts)
    for text in found[:most]:
        write(
            textwrap.fill(
                text,
                columns(),
                initial_indent="   · ",
                subsequent_indent="     ",
                break_on_hyphens=False,
            )
        )
    if len(found) > most:
        write(f"   · and {len(found) - most} more")


def places(rows: Iterable[tuple[str, str]]) -> None:
    """Say where things are: names, and addresses below one another."""
    found = list(rows)
    name = max((len(name) for name, _ in found), default=0)
    for row in found:
        gap = "  " if name + len(row[1]) + 5 <= columns() else "\n     "
        write(f"   {row[0]:{name if gap == '  ' else 0}}{gap}{row[1]}")


def typed(words: Iterable[str]) -> None:
    """Show what is typed."""
    write(f"\n$ pmsync {' '.join(words)}")


def answered(output: str, code: int, meaning: str, *, notes: bool) -> None:
    """Show what came back.

    Args:
        output: What the command printed.
        code: Its exit code.
        meaning: The same in words.
        notes: Whether what the plan wants known is shown, or only counted.
    """
    write(output.rstrip() if notes else without_notes(output).rstrip())
    write(f"(exit code {code}: {meaning})")


def without_notes(output: str) -> str:
    r"""Return *output* with the list of what is to be known cut down to its length.

    Example:
        >>> without_notes("a\n\nTo know:\n  - b\n  - c\n\nd")
        'a\n\nTo know: 2 things, as listed before\n\nd'
    """
    before, found, after = output.partition(f"{NOTES}\n")
    if not found:
        return output
    lines = after.split("\n")
    end = next((at for at, line in enumerate(lines) if not line.startswith("  ")), len(lines))
    things = sum(1 for line in lines[:end] if line.startswith("  - "))
    rest = "\n".join(lines[end:])
    return f"{before}{NOTES} {things} things, as listed before\n{rest}"


def write(text: str) -> None:
    """Write a line at once, so that whoever watches sees it when it happens."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
