"""A value has the one form that the contract names: no other date, no text for a number, no fraction cut short."""
from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import click
import pytest
from marshmallow import ValidationError

from services.elicence.schemas import Issue, ListTypes, PutType
from services.matter.cases.schemas import ListCases
from services.notification.messages.schemas import FindMessages
from services.payment.commands.options import Day
from services.payment.ledger.schemas.books import CloseDay
from services.payment.orders.schemas.orders import CreateOrder
from services.payment.reconciliation.adapters.statement_files.fields import china_time, zoned_time
from services.payment.reconciliation.domain.errors import StatementMalformed
from services.payment.webhooks.schemas.webhooks import PutWebhook
from shared_components.bus.amqp.wire import decode_event
from shared_components.bus.errors import MalformedMessage
from shared_components.bus.server.schema_instances import load_all
from shared_components.kernel.dates import parse_date, parse_time

ISSUE = {
    "type_code": "1" * 21, "holder_subject": "sub_1", "holder_name": "林静", "holder_id_number": "1",
    "valid_from": "2020-01-01",
}
NOT_DATES = [
    "20200101", "2020-W01-1", "2020-001", "2020-1-1", "2020-01-01T00:00:00Z", "2020-01-01 ", " 2020-01-01",
    "2020-01-01\n", "２０２０-01-01", "2020-02-30", "0000-01-01", "10000-01-01", "+2020-01-01", "",
    20200101, True, 1.5, [],
]  # fmt: skip
NOT_TIMES = [
    "2026-01-31", "2026-01-31T08:30:00", "2026-01-31 08:30:00+08:00", "20260131T083000Z", "2026-W05-6T08:30:00Z",
    "2026-01-31T08:30Z", "2026-01-31T08:30:00+0800", "2026-01-31T08:30:00+08", "2026-01-31T24:00:00Z",
    "2026-01-31T08:30:00,5Z", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", "2026-01-31T08:30:00Z\n", "",
]
NOT_WHOLE = ["50", "", 50.7, True, False, "fifty", [50], {"a": 50}, 1e300, None, "０"]


@pytest.mark.parametrize("given", NOT_DATES)
@pytest.mark.parametrize(("schema", "request_", "field"), [
    (Issue, ISSUE, "valid_from"), (Issue, ISSUE, "valid_until"), (CloseDay, {}, "business_day"),
])
def test_only_a_date_is_a_date(schema: Any, request_: dict[str, Any], field: str, given: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        load_all(schema, [{**request_, field: given}])
    assert field in refused.value.normalized_messages()[0]


@pytest.mark.parametrize("given", NOT_WHOLE)
@pytest.mark.parametrize("schema", [ListTypes, ListCases, FindMessages])
def test_only_a_whole_number_is_a_whole_number(schema: Any, given: Any) -> None:
    with pytest.raises(ValidationError):
        load_all(schema, [{"limit": given}])


def test_a_whole_number_may_be_written_with_a_zero_fraction_as_json_schema_has_it() -> None:
    assert [one.limit for one in load_all(ListTypes, [{"limit": 50.0}, {"limit": 5e1}])] == [50, 50]


@pytest.mark.parametrize("given", ["true", "on", "1", 1, 0, "false", None, []])
def test_only_true_and_false_are_true_and_false(given: Any) -> None:
    with pytest.raises(ValidationError):
        load_all(PutWebhook, [{"url": "https://example.org", "rotate_secret": given}])
    rule = {"name": "class", "required": given}
    with pytest.raises(ValidationError):
        load_all(PutType, [{
            "type_code": "1" * 21, "name": "a", "issuer_code": "1" * 18, "issuer_name": "b", "fields": [rule]}])


@pytest.mark.parametrize("given", [5, True, 1.5, [], {}])
def test_only_text_is_text(given: Any) -> None:
    with pytest.raises(ValidationError):
        load_all(CreateOrder, [{"payer_name": given, "lines": [{"item_code": "A"}]}])


@pytest.mark.parametrize("given", [text for text in NOT_TIMES if isinstance(text, str)])
def test_only_a_time_of_rfc_3339_is_a_time(given: str) -> None:
    with pytest.raises(ValueError, match=r"not a time|outside the years|must be in|out of range|day is"):
        parse_time(given)
    event = {"id": "1", "type": "kept", "source": "echo", "occurred_at": given, "aggregate": "1", "tenant": "t"}
    with pytest.raises(MalformedMessage):
        decode_event(json.dumps(event))


@pytest.mark.parametrize(("text", "moment"), [
    ("2026-01-31T08:30:00Z", datetime(2026, 1, 31, 8, 30, tzinfo=UTC)),
    ("2026-01-31t08:30:00z", datetime(2026, 1, 31, 8, 30, tzinfo=UTC)),
    ("2026-01-31T08:30:00.123456789+08:00", datetime(2026, 1, 31, 0, 30, 0, 123456, tzinfo=UTC)),
])
def test_times_are_read_as_rfc_3339_writes_them(text: str, moment: datetime) -> None:
    assert parse_time(text) == moment


@pytest.mark.parametrize("given", [text for text in NOT_DATES if isinstance(text, str)])
def test_the_command_line_takes_the_same_dates(given: str) -> None:
    with pytest.raises(click.UsageError):
        Day().convert(given, None, None)
    with pytest.raises(ValueError, match=r"date|day|month|year"):
        parse_date(given)


@pytest.mark.parametrize("given", [
    "2025-06-02T10:00:00", "2025-06-02x10:00:00", "2025-06-02 10:00:0", "2025-06-02 24:00:00"])
def test_a_statements_time_has_the_channels_form(given: str) -> None:
    with pytest.raises(StatementMalformed):
        china_time(given, "2025-06-02", 1, "time")


@pytest.mark.parametrize("given", ["2025-06-02T10:00:00", "2025-W23-1T10:00:00+08:00", "20250602T100000+0800"])
def test_a_statements_zoned_time_has_the_form_of_rfc_3339(given: str) -> None:
    with pytest.raises(StatementMalformed):
        zoned_time(given, date(2025, 6, 2), 1, "time")


@pytest.mark.parametrize(("name", "value"), [
    ("version", True), ("version", -1), ("version", 2**31), ("sequence", 2**63), ("sequence", -1), ("sequence", 1.0),
])
def test_an_events_numbers_are_whole_and_bounded(name: str, value: Any) -> None:
    event = {
        "id": "1", "type": "kept", "source": "echo", "occurred_at": "2026-01-31T08:30:00Z", "aggregate": "1",
        "tenant": "t", name: value,
    }
    with pytest.raises(MalformedMessage):
        decode_event(json.dumps(event))
