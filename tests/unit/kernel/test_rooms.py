"""Rooms of a service are found at its root and in its topics."""
from __future__ import annotations

import sys
from pathlib import Path

import pytest

from shared_components.kernel.rooms import rooms_of


def test_rooms_are_found_at_the_root_and_in_topics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("shop", "shop/domain", "shop/orders", "shop/fees", "shop/fees/domain", "shop/domain/domain"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "shop/orders/domain.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    try:
        assert list(rooms_of("shop", "domain")) == ["shop.domain", "shop.fees.domain", "shop.orders.domain"]
        assert list(rooms_of("shop", "models")) == []
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
            del sys.modules[name]
