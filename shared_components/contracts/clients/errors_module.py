"""Error codes of contracts as Python classes, one module a prefix: `payment.order-closed` → `payment.OrderClosed`."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shared_components.contracts.clients.typed_dicts import class_name, words_of

PLATFORM = "platform"
"""Module of the codes without a prefix."""
BUS = "bus"
"""Module that is not written: the client shares the classes of the bus with the platform."""
_BASES = {
    "invalid-input": "InvalidInput", "unauthenticated": "Unauthenticated", "forbidden": "Forbidden",
    "not-found": "NotFound", "conflict": "Conflict", "too-many-requests": "TooManyRequests",
    "unavailable": "Unavailable", "outcome-unknown": "OutcomeUnknown", "internal": "Internal",
}


def place_of(code: str) -> tuple[str, str]:
    """Module and class of a code."""
    prefix, dot, rest = code.partition(".")
    return (prefix.replace("-", "_"), class_name(rest)) if dot else (PLATFORM, class_name(code))


def error_modules(contracts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Module name → its text, but for the bus, whose classes are there already."""
    codes = {code: error for contract in contracts for code, error in contract["errors"].items()}
    places: dict[str, dict[str, str]] = {}
    for code in sorted(codes):
        module, name = place_of(code)
        places.setdefault(module, {})[name] = _class(name, code, codes[code])
    return {module: _module(module, classes) for module, classes in places.items() if module != BUS}


def _class(name: str, code: str, error: Mapping[str, Any]) -> str:
    texts = {"en": error["texts"]["en"], "zh": error["texts"].get("zh", error["texts"]["en"])}
    return "\n".join([
        f"class {name}(_errors.{_BASES[error['category']]}):",
        f'    """{words_of(texts, "en", "zh")}"""',
        "",
        f'    code = "{code}"',
        f"    http_status = {error['http_status']}",
        f"    texts = {texts!r}",
        "    of_client = True",
    ])


def _module(module: str, classes: Mapping[str, str]) -> str:
    title = "of the platform itself" if module == PLATFORM else f"whose codes begin with `{module}.`"
    head = [f'"""Errors {title}. Written by `zhongtai clients python`; do not edit."""',
            "from __future__ import annotations", "", "from shared_components.kernel import errors as _errors", ""]
    return "\n".join([*head, *(f"\n{text}\n" for text in classes.values())])
