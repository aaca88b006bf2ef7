"""The methods, events and fields that one consumer uses of one service."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared_components.contracts.findings import Finding


@dataclass(frozen=True)
class Use:
    """A method (`get_order`) or an event (`order-paid`) of a service.

    sends, reads: paths of fields, such as `lines[].quantity`; None: unknown, so any field may be used.
    is_whole_request: nothing is sent but `sends`. always_sends: those of `sends` that each request has; None: all.
    """

    consumer: str
    service: str
    name: str
    is_event: bool = False
    sends: frozenset[str] | None = None
    reads: frozenset[str] | None = None
    told_by: str = ""
    is_whole_request: bool = False
    always_sends: frozenset[str] | None = None

    def is_broken_by(self, finding: Finding) -> bool:
        """Whether this change of the service's contract may break this use."""
        subject, part, path = _place(finding.where)
        if subject != (f"event {self.name}" if self.is_event else f"method {self.name}"):
            return False
        if part in ("reply", "data"):
            return self.reads is None or _touches(path, self.reads)
        if part == "request" and finding.now != "required":
            return self.sends is None or _touches(path, self.sends)
        # A field that is newly required and that this consumer sends breaks nothing of it.
        sent = self.sends if self.always_sends is None else self.always_sends
        return part != "request" or sent is None or path not in sent


def _place(where: str) -> tuple[str, str, str]:
    """`method get_order, reply.lines[].quantity type` → what, which part, which field."""
    what, _, rest = where.partition(", ")
    place, _, _keyword = rest.partition(" ")
    part, _, path = place.partition(".")
    return re.sub(r"\.v\d+$", "", what), part.removesuffix("[]"), path


def _touches(path: str, used: Iterable[str]) -> bool:
    """Whether a changed path is used, holds what is used, or lies in what is used; the whole touches all."""
    return not path or any(
        path == one or one.startswith((f"{path}.", f"{path}[")) or path.startswith((f"{one}.", f"{one}["))
        for one in used)


def broken(findings: Iterable[Finding], uses: Iterable[Use], service: str) -> Iterator[tuple[Finding, list[str]]]:
    """Each breaking change with the consumers that it breaks, named with the file that tells."""
    ours = [use for use in uses if use.service == service]
    for finding in findings:
        if finding.breaking:
            yield finding, sorted({
                f"{use.consumer} ({use.told_by})" if use.told_by else use.consumer
                for use in ours if use.is_broken_by(finding)})


def paths_of(value: Any, before: str = "") -> Iterator[str]:
    """The fields of a JSON value; entries of lists count as one."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            place = f"{before}.{key}" if before else str(key)
            yield place
            yield from paths_of(inner, place)
    elif isinstance(value, list):
        for inner in value:
            yield from paths_of(inner, f"{before}[]")


def fields_of(schema: Any, before: str = "", *, required_only: bool = False) -> Iterator[str]:
    """The paths of all fields that a JSON Schema names, or of those that it requires: `lines[].quantity`."""
    if not isinstance(schema, Mapping):
        return
    for name, inner in schema.get("properties", {}).items():
        if required_only and name not in schema.get("required", ()):
            continue
        path = f"{before}.{name}" if before else str(name)
        yield path
        yield from fields_of(inner, path, required_only=required_only)
    yield from fields_of(schema.get("items"), f"{before}[]", required_only=required_only)


def uses_of_copy(consumer: str, copy: Mapping[str, Any]) -> Iterator[Use]:
    """A copy of a contract says that its consumer may use all of it that this consumer may call."""
    told_by = f"copy of {copy['service']} {copy['version']}"
    for name, method in copy["methods"].items():
        if {"app", "service", consumer} & set(method["callers"]):
            yield Use(consumer, copy["service"], name, told_by=told_by,
                      sends=frozenset(fields_of(method["request"])), reads=frozenset(fields_of(method["reply"])),
                      always_sends=frozenset(fields_of(method["request"], required_only=True)))
    for event in copy["events"].values():
        yield Use(consumer, copy["service"], event["type"], is_event=True, told_by=told_by,
                  reads=frozenset(fields_of(event["data"])))
