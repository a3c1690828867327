"""What must stand above what: the graph of firm constraints, and its best linear extension.

Nodes are places in today's order (0 = top), edges are `(above, below)`.
"""

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import TypeAlias

Edge: TypeAlias = tuple[int, int]


def chain(nodes: Iterable[int]) -> list[Edge]:
    """Return the edges that keep *nodes* in the order given."""
    return list(pairwise(nodes))


def without_cycles(
    size: int, firm: Sequence[Edge], wanted: Sequence[Edge]
) -> tuple[list[Edge], list[Edge]]:
    """Return *firm* plus the *wanted* edges that close no cycle, and those that would.

    Args:
        size: Number of nodes.
        firm: Edges that are never dropped; acyclic among themselves.
        wanted: Edges by falling authority: of a cycle, the one that comes last is dropped.

    Cost:
        O(size + edges) when nothing is dropped, else that for every wanted edge at worst.

    Example:
        >>> without_cycles(3, [(0, 1)], [(1, 2), (2, 0)])
        ([(0, 1), (1, 2)], [(2, 0)])
    """
    together = [*firm, *wanted]
    if len(best_first(size, together, [0] * size)) == size:
        return together, []
    accepted, dropped = list(firm), []
    successors = _successors(size, firm)
    for above, below in wanted:
        if _reaches(successors, below, above):
            dropped.append((above, below))
        else:
            accepted.append((above, below))
            successors[above].append(below)
    return accepted, dropped


def best_first(size: int, edges: Sequence[Edge], priorities: Sequence[int]) -> list[int]:
    """Return the nodes in the order that puts the best one possible first, again and again.

    Args:
        size: Number of nodes.
        edges: Constraints; nodes on a cycle, or below one, are left out of the answer.
        priorities: One for each node, smaller is better; equal ones keep today's order.

    Example:
        >>> best_first(3, [(2, 0)], [1, 2, 3])  # node 0 is best, and waits for node 2
        [1, 2, 0]
    """
    successors = _successors(size, edges)
    waits = [0] * size
    for _, below in edges:
        waits[below] += 1
    ready = [(priorities[node], node) for node in range(size) if not waits[node]]
    heapify(ready)
    order = []
    while ready:
        _, node = heappop(ready)
        order.append(node)
        for below in successors[node]:
            waits[below] -= 1
            if not waits[below]:
                heappush(ready, (priorities[below], below))
    return order


def _successors(size: int, edges: Iterable[Edge]) -> list[list[int]]:
    successors: list[list[int]] = [[] for _ in range(size)]
    for above, below in edges:
        successors[above].append(below)
    return successors


def _reaches(successors: Sequence[Sequence[int]], start: int, goal: int) -> bool:
    seen, todo = {start}, [start]
    while todo:
        node = todo.pop()
        if node == goal:
            return True
        fresh = [below for below in successors[node] if below not in seen]
        seen.update(fresh)
        todo.extend(fresh)
    return False
