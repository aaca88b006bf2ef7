"""The order of steps as a graph: step → the steps it comes after."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

Graph = Mapping[str, Sequence[str]]


def ancestors(graph: Graph, name: str) -> set[str]:
    """Every step that must be done before this one; itself only when it is in a cycle."""
    found: set[str] = set()
    open_steps = list(graph[name])
    while open_steps:
        step = open_steps.pop()
        if step not in found:
            found.add(step)
            open_steps.extend(graph[step])
    return found


def cycles(graph: Graph) -> list[list[str]]:
    """The groups of steps that wait for each other, in the definition's order."""
    before = {name: ancestors(graph, name) for name in graph}
    found: list[list[str]] = []
    for name in graph:
        if name in before[name] and not any(name in cycle for cycle in found):
            found.append([other for other in graph if other in before[name] and name in before[other]])
    return found
