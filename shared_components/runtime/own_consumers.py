"""Copies of contracts with the parts that one of our services uses of another, read off its code.

`zhongtai contracts export` writes them anew, in a checkout. Source: docs/adr/131-services-are-consumers-too.md
"""
from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from shared_components.contracts.consumers.can_deploy import Objection, objections
from shared_components.contracts.consumers.registry import Consumers
from shared_components.contracts.consumers.used_parts import UsedParts
from shared_components.contracts.store import FILE, read_contract
from shared_components.runtime.discovery import service_class, service_folder, service_names

# Their replies go on to apps and pages whole, so every field counts.
WHOLE = frozenset({"gateway"})
ANY_SERVICE = "service"
FEED_METHOD = "read_feed"
"""Asked and read by shared components for each service that follows a feed."""


def used_parts(consumer: str, contracts: Mapping[str, Mapping[str, Any]]) -> UsedParts:
    """Read off a service's code which methods, events and fields of others it uses.

    A method is used where it is called as `client.payment.create_order(…)`, or named as text by a service that hands
    calls on. A field counts as used when any word of the code equals its name: too many rather than too few.
    """
    called, words = _code_of(consumer)
    methods = {
        name: frozenset(_used(consumer, name, contract, called, words))
        for name, contract in contracts.items() if name != consumer}
    events = frozenset(one for one in contracts[consumer].get("consumes", ()) if not one.startswith(f"{consumer}."))
    return UsedParts(consumer, methods, events, None if consumer in WHOLE else words, frozenset({FEED_METHOD}))


def copies_of(consumer: str, contracts: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Provider → the copy of its contract with what the consumer uses."""
    used = used_parts(consumer, contracts)
    found = {name: used.of(contract) for name, contract in contracts.items() if name != consumer}
    return {name: copy for name, copy in found.items() if copy is not None}


def broken_promises(folder: Path, contracts: Mapping[str, Mapping[str, Any]]) -> list[Objection]:
    """Uses that the committed copies hold and the code still names, and that the contracts no longer promise."""
    found: list[Objection] = []
    for consumer in contracts:
        used = used_parts(consumer, contracts)
        kept = tuple(copy for path in sorted((folder / consumer).glob("*.json"))
                     if (copy := used.of(read_contract(path))) is not None)
        for contract in contracts.values():
            found += objections(contract, Consumers((), (), {consumer: kept}))
    return found


def write_copies(folder: Path, contracts: Mapping[str, Mapping[str, Any]]) -> list[Path]:
    """Write consumers/<service>/<provider>.json, and remove copies that are no longer used."""
    written = []
    for consumer in contracts:
        for path in (folder / consumer).glob("*.json"):
            path.unlink()
        for provider, copy in copies_of(consumer, contracts).items():
            path = folder / consumer / f"{provider}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(copy_text(copy), encoding="utf-8")
            written.append(path)
    return written


def copy_text(copy: Mapping[str, Any]) -> str:
    """One line a method and an event, so that a change is one line in git."""
    lines = []
    for key, value in copy.items():
        if isinstance(value, Mapping) and value:
            inner = ",\n".join(f"    {_compact(name)}: {_compact(one)}" for name, one in value.items())
            lines.append(f"  {_compact(key)}: {{\n{inner}\n  }}")
        else:
            lines.append(f"  {_compact(key)}: {_compact(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def contracts_here() -> dict[str, dict[str, Any]]:
    """Service → its contract.json of this checkout."""
    return {name: read_contract(service_folder(name) / FILE) for name in service_names()}


def export_copies(folder: Path) -> list[Objection]:
    """Write the copies anew. Where a promise is broken nothing is written: a new copy would hide the break."""
    contracts = contracts_here()
    wrong = broken_promises(folder, contracts)
    if not wrong:
        write_copies(folder, contracts)
    return wrong


@cache
def _code_of(consumer: str) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """The calls and the words of a service's code, which is parsed once."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(service_folder(consumer).rglob("*.py"))]
    return (frozenset(pair for tree in trees for pair in _calls(tree)),
            frozenset(word for tree in trees for word in _words(tree)))


def _used(
    consumer: str, provider: str, contract: Mapping[str, Any], called: frozenset[tuple[str, str]],
    words: frozenset[str],
) -> Iterator[str]:
    followed = {one.service for one in getattr(service_class(consumer), "follows", ())}
    for name, method in contract["methods"].items():
        if not {consumer, ANY_SERVICE} & set(method["callers"]):
            continue
        # Short names, such as `get`, are words of every program.
        handed_on = consumer in WHOLE and "_" in name and name in words
        if (provider, name) in called or handed_on or (name == FEED_METHOD and provider in followed):
            yield name


def _calls(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """`self._payment.create_order(…)`, `client.payment.create_order(…)` → payment, create_order."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            receiver = node.func.value
            name = receiver.attr if isinstance(receiver, ast.Attribute) else getattr(receiver, "id", "")
            yield str(name).lstrip("_"), node.func.attr


def _words(tree: ast.AST) -> Iterator[str]:
    """Texts, attributes, names of arguments and of what is assigned: all that may name a field."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Name):
            yield node.id


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

