"""Changes between two contracts, and whom they break.

Both sides are the data of `contract.json`. A change that breaks needs a new major of `contract_version`;
major 0 promises nothing yet.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shared_components.contracts.deprecation import may_go
from shared_components.contracts.findings import Finding, breaks, note
from shared_components.contracts.json_schema import ContractInvalid
from shared_components.contracts.rule_diff import rule_changes
from shared_components.contracts.schema_diff import input_changes, output_changes
from shared_components.kernel.bilingual import Bilingual

Contract = Mapping[str, Any]


def compare(old: Contract, new: Contract) -> list[Finding]:
    """Every change, the breaking ones first."""
    found = [*_service(old, new), *_methods(old, new), *_events(old, new), *_errors(old, new)]
    return sorted(found, key=lambda finding: (not finding.breaking, finding.where))


def refused(old: Contract, new: Contract) -> list[Finding]:
    """The changes that the new contract may not make under its version: none when its major is new, or 0."""
    was, now = version_of(old), version_of(new)
    if now < was:
        return [breaks("version", old["version"], new["version"], "callers cannot tell which contract they talk to")]
    if now[0] == 0 or now[0] > was[0]:
        return []
    return [finding for finding in compare(old, new) if finding.breaking]


def version_of(contract: Contract) -> tuple[int, int]:
    """`major.minor` as numbers."""
    version = str(contract["version"])
    match = re.fullmatch(r"(\d{1,6})\.(\d{1,6})", version)
    if match is None:
        raise ContractInvalid(Bilingual(
            f"contract_version is '{version}'; major.minor is allowed, as in '1.0'",
            f"contract_version 为“{version}”；格式为 major.minor，如“1.0”"))
    return int(match[1]), int(match[2])


def _service(old: Contract, new: Contract) -> Iterator[Finding]:
    if old["service"] != new["service"]:
        yield breaks("service", old["service"], new["service"], "every caller addresses the service by its name")
    for name in _gone(old.get("tickets", ()), new.get("tickets", ())):
        yield breaks("tickets", name, "not taken", f"calls with a ticket of '{name}' are refused")
    for name in _gone(old.get("consumes", ()), new.get("consumes", ())):
        yield note(f"consumes {name}", "handled", "not handled")


def _methods(old: Contract, new: Contract) -> Iterator[Finding]:
    for name, was in old["methods"].items():
        due = was.get("deprecated", {}).get("until")
        if name not in new["methods"] and may_go(due):
            yield note(f"method {name}", f"deprecated until {due}", "removed")
        elif name not in new["methods"]:
            callers = ", ".join(was["callers"]) or "nobody"
            yield breaks(f"method {name}", "offered", "removed", f"its callers ({callers}) get bus.unknown-method")
        else:
            yield from _method(f"method {name}", was, new["methods"][name])
    for name in _gone(new["methods"], old["methods"]):
        yield note(f"method {name}", "absent", "offered")


def _method(where: str, old: Contract, new: Contract) -> Iterator[Finding]:
    for caller in _gone(old["callers"], new["callers"]):
        yield breaks(f"{where}, callers", caller, "removed", f"'{caller}' is refused with bus.caller-not-allowed")
    for code in _gone(old["errors"], new["errors"]):
        yield breaks(f"{where}, errors", code, "removed", "callers that handle this code no longer meet it")
    if old["public"] and not new["public"]:
        yield breaks(f"{where}, public", True, False, "apps that call it over HTTP get 404")
    if old["mutating"] and not new["mutating"]:
        yield breaks(f"{where}, mutating", True, False, "callers that repeat an operation id may get two effects")
    if new["mutating"] and not old["mutating"]:
        yield breaks(f"{where}, mutating", False, True, "callers that send no operation id are refused")
    yield from rule_changes(f"{where}, rule", old.get("rule"), new.get("rule"))
    if new.get("secret_reply") and not old.get("secret_reply"):
        yield breaks(f"{where}, secret_reply", False, True, "callers that repeat an operation id get an error")
    yield from _document(f"{where}, document", old.get("document"), new.get("document"))
    yield from input_changes(f"{where}, request", old["request"], new["request"])
    yield from output_changes(f"{where}, reply", old["reply"], new["reply"])
    yield from _summaries(where, old, new)
    yield from _deprecation(where, old.get("deprecated"), new.get("deprecated"))
    if old.get("load_class") != new.get("load_class"):
        yield note(f"{where}, load_class", _load_class(old), _load_class(new))
    for key in ("callers", "errors"):
        for added in _gone(new[key], old[key]):
            yield note(f"{where}, {key}", "absent", added)
    if new["public"] and not old["public"]:
        yield note(f"{where}, public", False, True)


def _deprecation(where: str, old: Contract | None, new: Contract | None) -> Iterator[Finding]:
    """Callers plan by the date: it may be moved to a later day, never to an earlier one."""
    was, now = (None if one is None else str(one["until"]) for one in (old, new))
    if was is not None and now is not None and now < was:
        yield breaks(f"{where}, deprecated", was, now, "callers that planned for the day that was told are late")
    elif was != now:
        yield note(f"{where}, deprecated", was or "no", now or "no")


def _load_class(method: Contract) -> str:
    return " ".join(method.get("load_class", {"name": "ordinary"}).values())


def _summaries(where: str, old: Contract, new: Contract) -> Iterator[Finding]:
    """Words are for people: whatever they become, no program breaks."""
    for key in ("summary", "summary_zh"):
        if old.get(key, "") != new.get(key, ""):
            yield note(f"{where}, {key}", old.get(key) or "absent", new.get(key) or "absent")


def _document(where: str, old: Contract | None, new: Contract | None) -> Iterator[Finding]:
    """Give the document as an app sees it over HTTP; the reply's schema names the field that it comes from."""
    if old is None:
        if new is not None:
            yield note(where, "absent", new["path"])
    elif new is None:
        yield breaks(where, old["path"], "removed", "apps that get it over HTTP get 404")
    else:
        for key, why in (("path", "apps that get it over HTTP get 404"), ("media_type", "apps get another kind")):
            if old[key] != new[key]:
                yield breaks(f"{where}, {key}", old[key], new[key], why)


def _events(old: Contract, new: Contract) -> Iterator[Finding]:
    for key, was in old["events"].items():
        if key not in new["events"]:
            yield breaks(f"event {key}", "published", "removed", "its consumers wait for it for ever")
        else:
            yield from output_changes(f"event {key}, data", was["data"], new["events"][key]["data"])
            yield from _summaries(f"event {key}", was, new["events"][key])
    for key in _gone(new["events"], old["events"]):
        yield note(f"event {key}", "absent", "published")


def _errors(old: Contract, new: Contract) -> Iterator[Finding]:
    for code, was in old["errors"].items():
        now = new["errors"].get(code, was)
        for key, why in (("category", "callers treat errors by category"), ("http_status", "HTTP clients see it")):
            if was[key] != now[key]:
                yield breaks(f"error {code}, {key}", was[key], now[key], why)


def _gone(old: Any, new: Any) -> list[str]:
    return sorted(set(old) - set(new))
