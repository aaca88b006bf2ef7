"""The part of a contract that one consumer uses: a copy small enough to commit, which `can-deploy` compares."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Contract = Mapping[str, Any]
# What the comparison of two contracts reads of a field; words and examples break nobody.
_WORDS = frozenset({"description", "x-description-zh", "title", "example", "x-data-class", "x-subject-id"})
_KEPT = ("mutating", "request", "reply", "rule", "secret_reply")


@dataclass(frozen=True)
class UsedParts:
    """Parts of others that a consumer's code uses.

    methods: service → names. events: `service.type`, each with all its fields, since webhooks hand them on.
    names: all words of the code that may be a field or an error code; None: every field counts, since replies are
    handed on whole. whole: methods whose replies shared code reads whole.
    """

    consumer: str
    methods: Mapping[str, frozenset[str]]
    events: frozenset[str]
    names: frozenset[str] | None
    whole: frozenset[str] = frozenset()

    def of(self, contract: Contract) -> dict[str, Any] | None:
        """The copy of a contract with the used parts alone; None when nothing of it is used."""
        service = str(contract["service"])
        methods = {name: self._method(contract["methods"][name], None if name in self.whole else self.names)
                   for name in sorted(self.methods.get(service, ())) if name in contract["methods"]}
        events = {key: {"type": event["type"], "data": _projected(event["data"], None)}
                  for key, event in sorted(contract["events"].items()) if f"{service}.{event['type']}" in self.events}
        if not methods and not events:
            return None
        codes = {code for method in methods.values() for code in method["errors"]}
        errors = {code: {key: contract["errors"][code][key] for key in ("category", "http_status")}
                  for code in sorted(codes) if code in contract["errors"]}
        return {"service": service, "version": contract["version"], "methods": methods, "events": events,
                "errors": errors}

    def _method(self, method: Contract, names: frozenset[str] | None) -> dict[str, Any]:
        kept = {key: method[key] for key in _KEPT if key in method}
        callers = {self.consumer, "service"} & set(method["callers"])
        return {
            **kept, "callers": sorted(callers), "public": False,
            "errors": [code for code in method["errors"] if self.names is not None and code in self.names],
            "request": _projected(method["request"], names, keep_required=True),
            "reply": _projected(method["reply"], names)}


def _projected(schema: Any, names: frozenset[str] | None, *, keep_required: bool = False) -> Any:
    """The schema without fields of other names, and without words for people."""
    if not isinstance(schema, Mapping):
        return schema
    kept = {key: value for key, value in schema.items() if key not in _WORDS}
    if "items" in kept:
        kept["items"] = _projected(kept["items"], names, keep_required=keep_required)
    if "properties" not in kept:
        return kept
    required = frozenset(kept.get("required", ()))
    named = {name for name in kept["properties"]
             if names is None or name in names or (keep_required and name in required)}
    kept["properties"] = {name: _projected(inner, names, keep_required=keep_required)
                          for name, inner in kept["properties"].items() if name in named}
    if required:
        kept["required"] = sorted(required & named)
    return kept
