"""The same promises on PostgreSQL, where lists of a group are one statement."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.db import migrate
from tests.elsewhere import known_copies
from tests.unit.notification.test_who_sees_a_message import (  # noqa: F401
    test_a_citizens_inbox_needs_no_name_and_an_apps_does,
    test_a_write_reaches_what_the_model_says_and_hidden_looks_like_unknown,
    test_an_inbox_and_its_count_hold_what_the_slow_model_says,
    test_each_call_of_a_shared_group_gets_its_own_messages_and_no_other,
    test_lists_of_a_shared_group_hold_what_the_slow_model_says,
    town,
)
from tests.unit.notification.test_who_sees_a_template import (  # noqa: F401
    test_a_new_version_is_of_the_own_template_only,
    test_an_app_sees_its_own_and_the_departments_templates_and_a_service_the_departments,
    test_pages_go_on_behind_the_last_template,
    tx,
)
from tests.unit.notification.world import World, make_world

pytestmark = pytest.mark.integration


@pytest.fixture
def world(postgres_url: str, tmp_path: Path) -> Iterator[World]:
    migrate(postgres_url, "notification")
    with make_world(postgres_url, tmp_path) as world:
        yield world


@pytest.fixture(autouse=True)
def copies() -> Iterator[None]:
    with known_copies():
        yield
