"""Rooms of a service: at its root, and in each of its topics."""
from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator


def rooms_of(package: str, room: str) -> Iterator[str]:
    """Yield the names of modules called `room` directly in a service's package, then in the packages within it.

    package: `services.payment`; room: `domain` gives `services.payment.domain` and `services.payment.orders.domain`.
    """
    root = importlib.import_module(package)
    inner = sorted(pkgutil.iter_modules(root.__path__), key=lambda found: found.name)
    yield from (f"{package}.{found.name}" for found in inner if found.name == room)
    for topic in inner:
        if topic.ispkg and topic.name != room:
            folders = importlib.import_module(f"{package}.{topic.name}").__path__
            yield from (f"{package}.{topic.name}.{found.name}"
                        for found in pkgutil.iter_modules(folders) if found.name == room)
