"""State machines as tables: an edge names the event that taking it emits."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.errors import Conflict


class IllegalTransition(Conflict):
    """details: machine, state, target, allowed."""

    code = "illegal-transition"
    texts = {"en": "The state cannot change in this way.", "zh": "当前状态不允许此变更。"}


@dataclass(frozen=True, slots=True)
class Edge:
    source: str
    target: str
    event: str


class StateMachine:
    """One table of legal edges for one kind of thing.

    final: the states that nothing leaves. They are named, not found, so that a forgotten edge is caught here.
    """

    def __init__(self, name: str, initial: str, edges: Iterable[Edge], final: Iterable[str] = ()) -> None:
        self.name = name
        self.initial = initial
        self.edges = tuple(edges)
        self.final = frozenset(final)
        self._events = {(edge.source, edge.target): edge.event for edge in self.edges}
        sources = [edge.source for edge in self.edges]
        self.states = tuple(dict.fromkeys([initial, *sources, *(edge.target for edge in self.edges), *final]))
        self._targets = {s: tuple(e.target for e in self.edges if e.source == s) for s in self.states}
        self._check()

    def move(self, state: str, target: str) -> str:
        """The event that the move emits. Raises IllegalTransition when the table has no such edge."""
        event = self._events.get((state, target))
        if event is None:
            allowed = self.targets(state)
            raise IllegalTransition(Bilingual(
                f"{self.name} is {state!r} and cannot become {target!r}; {_listed(allowed)}",
                f"{self.name} 的状态为“{state}”，不能变为“{target}”；{_listed_zh(allowed)}"),
                details={"machine": self.name, "state": state, "target": target, "allowed": list(allowed)},
            )
        return event

    def targets(self, state: str) -> tuple[str, ...]:
        return self._targets.get(state, ())

    def is_final(self, state: str) -> bool:
        return state in self.final

    def to_mermaid(self) -> str:
        lines = ["stateDiagram-v2", f"    [*] --> {_node(self.initial)}"]
        lines += [f"    {_node(edge.source)} --> {_node(edge.target)}: {edge.event}" for edge in self.edges]
        lines += [f"    {_node(state)} --> [*]" for state in self.states if state in self.final]
        return "\n".join(lines) + "\n"

    def _check(self) -> None:
        if len(self._events) != len(self.edges):
            raise ValueError(f"{self.name} has an edge twice; each source and target may meet once")
        leaving = sorted(edge.source for edge in self.edges if edge.source in self.final)
        if leaving:
            raise ValueError(f"{self.name} has edges out of {leaving}; a final state has none")
        stuck = [state for state in self.states if not self._targets[state] and state not in self.final]
        if stuck:
            raise ValueError(f"{self.name} cannot leave {stuck}; only states named final may be the end")
        unreached = set(self.states) - self._reached()
        if unreached:
            raise ValueError(f"{self.name} never reaches {sorted(unreached)}; every state needs a way from the initial")

    def _reached(self) -> set[str]:
        reached, open_states = {self.initial}, [self.initial]
        while open_states:
            new = set(self.targets(open_states.pop())) - reached
            reached |= new
            open_states.extend(new)
        return reached


def _listed(allowed: tuple[str, ...]) -> str:
    return f"only {', '.join(map(repr, allowed))} may follow" if allowed else "nothing may follow"


def _listed_zh(allowed: tuple[str, ...]) -> str:
    return f"只能变为{listed_zh(allowed)}" if allowed else "不能再变更"


def _node(state: str) -> str:
    return state.replace("-", "_")
