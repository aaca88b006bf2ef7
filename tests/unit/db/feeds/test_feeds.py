"""Feeds on SQLite."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.db.feeds.feeds_suite import Feeds
from tests.unit.db.feeds.world import World, world_of


class TestFeeds(Feeds):
    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[World]:
        url = f"sqlite:///{tmp_path}/feeds.db"
        with world_of(url, url) as world:
            yield world
