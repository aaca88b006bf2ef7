"""The record by which a kind of step is registered."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from services.matter.cases.domain.outcomes import Outcome
from services.matter.cases.usecases.case_progress import WorkOnCasesTx
from services.matter.cases.usecases.work import HasIdentity, Work
from services.matter.definitions.domain.kind_rules import KindRules, Rules
from services.matter.definitions.domain.problems import Path
from services.matter.definitions.usecases.references import Reference

Components_contra = TypeVar("Components_contra", contravariant=True, bound=HasIdentity)


def no_references(settings: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Told:
    """An event that another service told."""

    tenant: str
    data: Mapping[str, Any]
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """An event of another service that concerns steps of the kind. handler: names the queue, and never changes.

    take: is given the transaction and all events that wait. When it raises, halves find the event that it was.
    """

    handler: str
    source: str
    event_type: str
    take: Callable[[WorkOnCasesTx, Sequence[Told]], None]


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[Components_contra]):
    """A kind of step. The type parameter is a Protocol with the components that it asks.

    run: asks the components, outside any transaction, and tells the outcome. It may be repeated with the same op_id.
    compensate: the same for the task that undoes a step; there when the rules name a compensation.
    references: things of other components that the settings name; path: of the settings.
    """

    rules: KindRules
    run: Callable[[Work[Components_contra]], Outcome]
    compensate: Callable[[Work[Components_contra]], Outcome] | None = None
    references: Callable[[Mapping[str, Any], Path], Iterator[Reference]] = no_references
    subscriptions: Sequence[Subscription] = ()

    def __post_init__(self) -> None:
        if (self.compensate is None) is not (self.rules.compensation is None):
            raise ValueError(f"kind '{self.rules.name}' needs compensate and rules.compensation together, or neither")


class Kinds(Generic[Components_contra]):
    """Every kind that is registered. Raises ValueError when two have a name in common."""

    def __init__(self, *kinds: Kind[Components_contra]) -> None:
        self.all = kinds
        self.rules = Rules([kind.rules for kind in kinds])
        self._runs: dict[str, Callable[[Work[Components_contra]], Outcome]] = {}
        for kind in kinds:
            self._register(kind.rules.name, kind.run)
            if kind.rules.compensation is not None and kind.compensate is not None:
                self._register(kind.rules.compensation, kind.compensate)
        handlers = [subscription.handler for subscription in self.subscriptions]
        if len(set(handlers)) < len(handlers):
            raise ValueError(f"handlers are {handlers}; each name is allowed once")

    def _register(self, name: str, run: Callable[[Work[Components_contra]], Outcome]) -> None:
        if name in self._runs:
            raise ValueError(f"kind '{name}' is registered twice; each name is allowed once")
        self._runs[name] = run

    def run(self, work: Work[Components_contra]) -> Outcome:
        """Do a task: a step, a notice or a compensation. Raises KeyError for a kind that is not registered."""
        return self._runs[work.task.kind](work)

    @property
    def subscriptions(self) -> list[Subscription]:
        return [subscription for kind in self.all for subscription in kind.subscriptions]

    def references(self, kind: str, settings: Mapping[str, Any], path: Path) -> Iterator[Reference]:
        """The references of a step's settings."""
        for known in self.all:
            if known.rules.name == kind:
                yield from known.references(settings, path)
