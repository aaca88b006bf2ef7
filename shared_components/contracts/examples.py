"""Examples of a service: for each method a request and its reply, for each event its data.

They stand in `examples.json` beside the service class, or beside the entrypoints of a topic. All persons and numbers in
them are synthetic. A test checks each against its schema and sends every request to a whole platform.
"""
from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FILE = "examples.json"


@dataclass(frozen=True)
class Examples:
    """methods: `{name: {"request": …, "reply": …}}`; events: `{type: data}`. Empty for a service without examples."""

    methods: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    events: Mapping[str, Any] = field(default_factory=dict)

    def of_method(self, name: str) -> Mapping[str, Any]:
        return self.methods.get(name, {})


def read_examples(service_class: type[Any]) -> Examples:
    """Read the file beside the class, and the files beside the classes that it inherits."""
    files = [getattr(sys.modules.get(kind.__module__), "__file__", None) for kind in reversed(service_class.__mro__)]
    read = [_read(Path(file).with_name(FILE)) for file in dict.fromkeys(files) if file is not None]
    return Examples(
        {name: example for one in read for name, example in one.methods.items()},
        {name: example for one in read for name, example in one.events.items()})


@cache
def _read(path: Path) -> Examples:
    if not path.exists():
        return Examples()
    data = json.loads(path.read_text(encoding="utf-8"))
    return Examples(data.get("methods", {}), data.get("events", {}))
