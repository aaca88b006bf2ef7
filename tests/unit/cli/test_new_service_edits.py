"""Edits of modules that people have written: a topic is added, and everything else stays as it is."""
from __future__ import annotations

import ast
from pathlib import Path

import pytest

from shared_components.cli.new_service.edits import add_mixin, add_records
from shared_components.cli.new_service.errors import GenerationFailed
from shared_components.cli.new_service.rooms import rooms_at_root, with_moved_imports
from shared_components.cli.new_service.topic_order import put_topics_last

IMPORTS = (
    "from services.shop.stamps.entrypoints import StampsEntrypoints\n"
    "from services.shop.stamps.schemas import EVENTS as STAMPS_EVENTS\n")
BEFORE = "from services.shop.providers import ShopProvider\n"


def edited(path: Path, source: str) -> str:
    path.write_text(source, encoding="utf-8")
    add_mixin(path, "shop", "services.shop.stamps", "StampsEntrypoints", "STAMPS_EVENTS")
    text = path.read_text(encoding="utf-8")
    ast.parse(text)
    return text


@pytest.mark.parametrize(("source", "result"), [
    ("class Shop:\n    '''商店。'''\n    name = 'shop'\n    emits = (A, B)\n",
     "class Shop(StampsEntrypoints):\n    '''商店。'''\n    name = 'shop'\n    emits = (A, B, *STAMPS_EVENTS)\n"),
    ("class Shop(Sales):\n    name = 'shop'\n    emits = (\n        A,\n        B,\n    )\n",
     "class Shop(Sales, StampsEntrypoints):\n    name = 'shop'\n    emits = (\n        A,\n        B,\n"
     "        *STAMPS_EVENTS,\n    )\n"),
    ("class Shop(Sales):\n    name = 'shop'\n    emits = SALES_EVENTS\n",
     "class Shop(Sales, StampsEntrypoints):\n    name = 'shop'\n    emits = (*SALES_EVENTS, *STAMPS_EVENTS)\n"),
    ("class Shop:\n    name = 'shop'\n",
     "class Shop(StampsEntrypoints):\n    emits = STAMPS_EVENTS\n    name = 'shop'\n"),
], ids=["tuple", "tuple of lines", "name", "no events"])
def test_a_topic_is_added_to_the_class_of_a_service(tmp_path: Path, source: str, result: str) -> None:
    assert edited(tmp_path / "service.py", BEFORE + source) == IMPORTS + BEFORE + result


def test_a_module_without_the_class_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GenerationFailed, match="no class whose name is 'shop'"):
        edited(tmp_path / "service.py", BEFORE + "class Shop:\n    name = 'store'\n")


@pytest.mark.parametrize(("arguments", "session"), [
    ("self, scope: Scope, policy: Policy", "scope.session"), ("self, session: Session, *, clock: Clock", "session"),
])
def test_records_are_added_to_the_transaction(tmp_path: Path, arguments: str, session: str) -> None:
    path = tmp_path / "transaction.py"
    path.write_text(f"{BEFORE}class SqlShopTransaction:\n    def __init__({arguments}) -> None:\n        self.a = (\n"
                    "            1)\n\n    def other(self) -> None: ...\n")
    add_records(path, "services.shop.stamps.adapters.records", "SqlStampsRecords", "stamps_records")
    assert f"            1)\n        self.stamps_records = SqlStampsRecords({session})\n\n    def" in path.read_text()


def test_a_transaction_without_a_session_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "transaction.py"
    path.write_text(BEFORE + "class SqlShopTransaction:\n    def __init__(self, clock: Clock) -> None: ...\n")
    with pytest.raises(GenerationFailed, match="takes no scope and no session"):
        add_records(path, "services.shop.stamps.adapters.records", "SqlStampsRecords", "stamps_records")


@pytest.mark.parametrize(("line", "moved"), [
    ("from services.shop.domain.errors import A", "from services.shop.sales.domain.errors import A"),
    ("from services.shop import schemas", "from services.shop.sales import schemas"),
    ("    from services.shop import schemas, service",
     "    from services.shop.sales import schemas\n    from services.shop import service"),
    ('monkeypatch.setattr("services.shop.usecases.sell.BATCH", 2)',
     'monkeypatch.setattr("services.shop.sales.usecases.sell.BATCH", 2)'),
    ("from services.shop.providers import A", "from services.shop.providers import A"),
    ("from services.shopping.domain import A", "from services.shopping.domain import A"),
])
def test_imports_follow_rooms_that_have_moved(line: str, moved: str) -> None:
    assert with_moved_imports(line, "shop", "sales") == moved


def test_a_service_with_topics_has_no_rooms_to_move(tmp_path: Path) -> None:
    (tmp_path / "domain").mkdir()
    (tmp_path / "schemas.py").touch()
    assert [path.name for path in rooms_at_root(tmp_path)] == ["domain", "schemas.py"]
    (tmp_path / "domain").rmdir()
    (tmp_path / "sales" / "domain").mkdir(parents=True)
    assert rooms_at_root(tmp_path) == []


def test_a_later_topic_stands_above_the_earlier_ones(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.importlinter]\n")
    put_topics_last(path, "shop", ["sales", "stamps"])
    put_topics_last(path, "shop", ["gifts"])
    above = '"(commands) | (sandbox)", "(service)", "(providers)", "(transaction)"'
    assert 'id = "shop-topics"' in path.read_text()
    assert f'layers = [{above}, "(gifts)", "(stamps)", "(sales)"]' in path.read_text()
