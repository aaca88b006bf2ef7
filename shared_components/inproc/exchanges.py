"""Exchanges: which queues a message goes to."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any


@dataclass(frozen=True)
class Binding:
    """arguments: sorted pairs, so that equal bindings compare equal."""

    queue: str
    key: str
    arguments: tuple[tuple[str, Any], ...] = ()


@dataclass
class Exchange:
    name: str
    type: str
    durable: bool = False
    auto_delete: bool = False
    arguments: Mapping[str, Any] = field(default_factory=dict)
    # a dict for its order and for binding the same twice being once
    bindings: dict[Binding, None] = field(default_factory=dict)

    @property
    def alternate(self) -> str | None:
        return self.arguments.get("alternate-exchange")

    @property
    def routes_by_key_only(self) -> bool:
        return self.type != "headers"

    def queues_for(self, routing_key: str, headers: Mapping[str, Any]) -> Iterator[str]:
        """Names of the queues, each once."""
        matches = MATCHERS[self.type]
        seen = set()
        for binding in self.bindings:
            if binding.queue not in seen and matches(binding, routing_key, headers):
                seen.add(binding.queue)
                yield binding.queue


@lru_cache(maxsize=4096)
def topic_pattern(key: str) -> re.Pattern[str]:
    """`*` is one word, `#` any number of words, none included."""
    pattern = ""
    for word in key.split("."):
        if word == "#":
            pattern += r"(?:\.[^.]*)*"
        else:
            pattern += r"\." + (r"[^.]*" if word == "*" else re.escape(word))
    return re.compile(pattern + r"\Z", re.DOTALL)


def _matches_topic(binding: Binding, routing_key: str, headers: Mapping[str, Any]) -> bool:
    if binding.key == routing_key and "*" not in routing_key and "#" not in routing_key:
        return True
    if not routing_key:
        # an empty key has no words, so not one for `*`
        return all(word == "#" for word in binding.key.split("."))
    return topic_pattern(binding.key).match("." + routing_key) is not None


def _matches_direct(binding: Binding, routing_key: str, headers: Mapping[str, Any]) -> bool:
    return binding.key == routing_key


def _matches_fanout(binding: Binding, routing_key: str, headers: Mapping[str, Any]) -> bool:
    return True


def _matches_headers(binding: Binding, routing_key: str, headers: Mapping[str, Any]) -> bool:
    arguments = dict(binding.arguments)
    mode = arguments.pop("x-match", "all")
    wanted = {name: value for name, value in arguments.items() if not name.startswith("x-")}
    found = [name in headers and value in (None, headers[name]) for name, value in wanted.items()]
    return any(found) if mode.startswith("any") else all(found)


MATCHERS: dict[str, Callable[[Binding, str, Mapping[str, Any]], bool]] = {
    "direct": _matches_direct,
    "topic": _matches_topic,
    "fanout": _matches_fanout,
    "headers": _matches_headers,
}
BUILT_IN = tuple((f"amq.{kind}", kind) for kind in MATCHERS)
