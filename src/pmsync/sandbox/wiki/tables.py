"""Tables of wiki markup: ``||head||head||`` and ``|cell|cell|`` lines."""

import re
from collections.abc import Callable

from pmsync.sandbox.wiki.nodes import Node, container

_PIECE = re.compile(
    r"\\.|\[[^\[\]\n]*\]|\{\{[^{}\n]*\}\}|\{[^{}\n]*\}|![^!|\s][^!|\n]*\|[^!|\n]*!|\|\|?", re.DOTALL
)


def row_ends(lines: list[str]) -> bool:
    """Whether the row that these lines began is complete."""
    return lines[-1].rstrip().endswith("|") and lines[-1].strip() not in {"|", "||"}


def table(rows: list[str], cell_blocks: Callable[[str], list[Node]]) -> Node:
    """A table node.

    Args:
        rows: One text a row, line ends inside cells allowed.
        cell_blocks: Turns the text of a cell into block nodes.
    """
    content = [{"type": "tableRow", "content": _cells(row.strip(), cell_blocks)} for row in rows]
    return {"type": "table", "content": content}


def _cells(row: str, cell_blocks: Callable[[str], list[Node]]) -> list[Node]:
    pieces: list[tuple[str, str]] = []
    bar, start = "", 0
    for found in _PIECE.finditer(row):
        if found[0] not in {"|", "||"}:
            continue
        if bar:
            pieces.append((bar, row[start : found.start()]))
        bar, start = found[0], found.end()
    if row[start:].strip() or not pieces:
        pieces.append((bar, row[start:]))
    return [
        container("tableHeader" if sign == "||" else "tableCell", cell_blocks(text.strip()), {})
        for sign, text in pieces
    ]
