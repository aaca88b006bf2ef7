"""No app of a department reads or changes what another one made; docs/guides/apps-own.md says what is whose."""
from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cases.apps_made import MAKES

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ([a-z]+\.[a-z_]+) \| (own|department|person|anybody) \|", re.MULTILINE)
TABLE = dict(ROW.findall((ROOT / "docs/guides/apps-own.md").read_text(encoding="utf-8")))
OWNED = [method for method, whose in TABLE.items() if whose == "own"]

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """In a process of its own, since eventlet patches the whole of one."""
    folder = tmp_path_factory.mktemp("apps")
    command = [sys.executable, "-W", "ignore", "-m", "tests.cases.apps_story", "inproc://",
               f"sqlite:///{folder / 'zhongtai.db'}", str(folder), ",".join(OWNED)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_the_table_decides_on_every_public_method(seen: Any) -> None:
    assert sorted(TABLE) == seen["methods"]


def test_another_app_gets_and_changes_nothing_by_any_id(seen: Any) -> None:
    assert seen["through"] == []
    assert seen["unchanged"], "what the first app made is as it was"
    assert seen["tried"] == sorted(set(OWNED) - set(MAKES))
    assert seen["requests"] > 100, "both ways in, every id"


def test_the_queue_of_an_app_gets_events_of_its_own_things_and_of_the_department_s_licences(seen: Any) -> None:
    assert {"order-paid", "case-submitted", "message-accepted"} <= set(seen["heard"]["app-a"])
    assert [type_ for type_ in seen["heard"]["app-b"] if not type_.startswith("licence-")] == []


def test_the_app_itself_reaches_all_of_it(seen: Any) -> None:
    assert seen["before"]["inbox"]
    assert seen["before"]["templates"] == ["甲的模板 ((x))"] * 2, "of the inbox and of e-mail"
    assert seen["before"]["orders"] == ["created", "pending"]


def test_a_licence_is_verified_by_the_app_that_the_holder_named_and_by_no_other(seen: Any) -> None:
    assert seen["presentations"] == [False, False, True]


def test_the_same_operation_id_of_two_apps_is_two_operations_and_of_one_app_one(seen: Any) -> None:
    assert seen["operations"] == [True, True, True], "the same app over HTTP and AMQP has the same operation ids"
