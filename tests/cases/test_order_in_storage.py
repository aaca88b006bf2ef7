"""Fields come back in the order in which people wrote them, on PostgreSQL too.

The input that failed: the form's fields in `get_guide` came shuffled, since JSONB keeps no order of keys.
"""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.matter.definitions.usecases.read_matters import GetGuide, get_guide
from services.matter.definitions.usecases.views import GuideView
from services.matter.publishing.adapters.definition_reader import read_definition
from services.matter.publishing.usecases.publish_matter import publish_definition
from services.payment.orders.schemas.orders import Order
from services.payment.orders.usecases.read_orders import GetOrder, get_orders
from shared_components.db import Database, migrate
from shared_components.db.migrate import drift
from shared_components.kernel.calls import CallContext
from tests.cases.definitions import a_definition, as_yaml, callback_step
from tests.cases.matter_transactions import AnyTransactions, transactions
from tests.cases.migrations import run_sql
from tests.outcomes import one
from tests.unit.payment.steps import make_order
from tests.unit.payment.world import TENANT, FakeChannels, SqlTransactions, call, fixed_clock

__all__ = ["transactions"]
NAMES = ["zebra", "a", "photo_of_applicant", "b_2", "delivery", "address", "c"]
FORM = {
    "type": "object", "required": ["delivery", "a"],
    "properties": {name: {"type": "string", "title": {"zh": name, "en": name}} for name in NAMES},
}


def publish(transactions: AnyTransactions, form: dict[str, Any], **changes: Any) -> int:
    with transactions.begin("default") as tx:
        data = read_definition(as_yaml(a_definition(form=form, **changes)))
        return publish_definition(tx, tenant="default", data=data).definition.version


def guide(transactions: AnyTransactions) -> GuideView:
    with transactions.begin("default") as tx:
        return get_guide(tx, GetGuide("small-matter"), CallContext("app-demo", "default"))


def test_a_form_keeps_the_order_of_its_fields(transactions: AnyTransactions) -> None:
    publish(transactions, FORM)
    form = guide(transactions).form
    assert list(form["properties"]) == NAMES
    assert list(form) == ["type", "required", "properties"]
    assert list(form["properties"]["zebra"]["title"]) == ["zh", "en"]


def test_a_callbacks_result_keeps_the_order_of_its_fields(transactions: AnyTransactions) -> None:
    publish(transactions, FORM, steps=[callback_step("medical", result={**FORM, "required": []})])
    with transactions.begin("default") as tx:
        definition = tx.definitions.version("default", "small-matter", 1)
    assert list(definition.step("medical").settings["result"]["properties"]) == NAMES


def test_the_fields_in_another_order_are_a_new_version_and_in_the_same_order_are_none(
    transactions: AnyTransactions,
) -> None:
    backwards = {**FORM, "properties": dict(reversed(FORM["properties"].items()))}  # type: ignore[attr-defined]
    assert [publish(transactions, form) for form in (FORM, FORM, backwards, backwards)] == [1, 1, 2, 2]
    assert list(guide(transactions).form["properties"]) == NAMES[::-1]


@pytest.mark.parametrize("url", ["tmp_sqlite_url", pytest.param("postgres_url", marks=pytest.mark.integration)])
def test_an_orders_metadata_keep_the_order_in_which_the_app_wrote_them(
    url: str, request: pytest.FixtureRequest, tmp_path: Path,
) -> None:
    where = str(request.getfixturevalue(url))
    migrate(where, "payment")
    database = Database(where, "payment")
    many = SqlTransactions(database, fixed_clock(), [], FakeChannels(), tmp_path)
    order_id = make_order(many, metadata={name: name for name in NAMES})
    with many.begin(TENANT) as tx:
        assert list(Order().dump(one(get_orders(tx, [call(GetOrder(order_id))])))["metadata"]) == NAMES
    database.dispose()


@pytest.mark.integration
@pytest.mark.parametrize(("service", "table", "column", "before"), [
    ("matter", "definitions", "data", "0002"), ("payment", "orders", "metadata", "0007"),
])
def test_a_database_of_before_keeps_the_order_from_its_migration_on(
    postgres_url: str, service: str, table: str, column: str, before: str,
) -> None:
    columns = "SELECT table_name, column_name, data_type FROM information_schema.columns"
    migrate(postgres_url, service, to=before)
    assert (table, column, "jsonb") in run_sql(postgres_url, service, columns)
    migrate(postgres_url, service)
    assert (table, column, "json") in run_sql(postgres_url, service, columns)
    assert drift(postgres_url, service) == []
