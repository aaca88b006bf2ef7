"""How the arguments of each method are made, so that many calls of it can be measured on sandbox data."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from shared_components.contracts.registry import MethodContract
from shared_components.runtime.discovery import contract_of, service_names
from tests.benchmarks.methods.scene import KINDS, Scene

Data = Mapping[str, Any]
# A field of this name is given the id of a thing that the scene has made.
FIELDS = {
    "subject_id": "subject", "holder_subject": "subject", "applicant_subject": "subject", "payer_subject": "subject",
    "recipient_subject": "subject", "licence_id": "licence", "message_id": "message", "case_id": "draft",
    "order_id": "paid-order", "receipt_id": "receipt", "refund_id": "refund",
    "department_id": "department", "thing_id": "department",
}  # fmt: skip


@dataclass(frozen=True)
class Repeated:
    """Each call has arguments of its own, or may be made again: arguments of call number n."""

    request: Callable[[Scene, int], Data]
    caller: str = "operator"


@dataclass(frozen=True)
class UsesUp:
    """Each call needs a thing that no other call has had. most: things that are made for it beforehand."""

    kind: str
    request: Callable[[Any], Data]
    caller: str = "operator"
    most: int = 2000


@dataclass(frozen=True)
class NotMeasured:
    """The method has no row with a value. reason: stands in its row."""

    reason: str


Recipe = Repeated | UsesUp | NotMeasured


class NoRecipe(LookupError):
    """A method whose arguments nobody can make."""


def methods() -> dict[str, MethodContract]:
    """All methods of all services, by `service.method`."""
    return {
        f"{service}.{name}": method
        for service in service_names() for name, method in sorted(contract_of(service).methods.items())
    }


def recipe_of(name: str) -> Recipe:
    """The recipe that tests/benchmarks/methods has for `service.method`; for a method that only reads, its example.

    Raises NoRecipe.
    """
    service, _, method = name.partition(".")
    found: Recipe | None = _own(service).get(method)
    if found is not None:
        return found
    contract = contract_of(service)
    if contract.methods[method].mutating:
        raise NoRecipe(f"{name} changes something and has no recipe; add one to tests/benchmarks/methods/{service}.py")
    request = contract.examples.of_method(method).get("request")
    if request is None:
        raise NoRecipe(f"{name} has neither a recipe nor an example; add one of them")
    unknown = [field for field in request if field.endswith("_id") and field not in FIELDS]
    if unknown:
        raise NoRecipe(f"{name} takes {unknown}; only ids of {sorted(FIELDS)} are known, others need a recipe")
    return Repeated(lambda scene, n: with_ids(request, scene, n), caller=_caller(contract.methods[method]))


def with_ids(request: Data, scene: Scene, n: int) -> Data:
    """An example's request with ids of things that are there."""
    live = {field: scene.thing(FIELDS[field], n)[KINDS[FIELDS[field]].id] for field in request if field in FIELDS}
    return {**request, **live}


def _caller(contract: MethodContract) -> str:
    return "operator" if "operator" in contract.callers else contract.callers[0]


def _own(service: str) -> Mapping[str, Recipe]:
    try:
        module = import_module(f"tests.benchmarks.methods.{service}")
    except ModuleNotFoundError:
        return {}
    recipes: Mapping[str, Recipe] = module.RECIPES
    return recipes
