"""An error about one entry of a list reaches the caller, in both wire formats."""
from __future__ import annotations

import json

from shared_components.bus.amqp import wire
from shared_components.bus.errors import InvalidArguments
from shared_components.contracts.field_messages import in_both_languages
from shared_components.kernel.bilingual import Bilingual

WRONG_QUANTITY = {"lines": {0: {"quantity": ["Must be at least 1."]}}}
AS_JSON = {"lines": {"0": {"quantity": ["Must be at least 1."]}}}


def test_positions_in_a_list_are_told_to_a_coalescing_client() -> None:
    error = InvalidArguments("wrong arguments", details={"fields": WRONG_QUANTITY})
    reply = json.loads(wire.encode_reply("1a", None, error))
    assert reply["error"]["details"]["fields"] == AS_JSON


def test_positions_in_a_list_are_told_to_a_nameko_client() -> None:
    error = InvalidArguments("wrong arguments", details={"fields": WRONG_QUANTITY})
    reply = json.loads(wire.encode_nameko_reply(None, error))
    assert reply["error"]["details"]["fields"] == AS_JSON
    assert json.loads(reply["error"]["exc_args"][2])["fields"] == AS_JSON


def test_both_wire_formats_tell_the_error_in_chinese_too() -> None:
    fields = in_both_languages({"lines": {0: {"quantity": ["Must be greater than or equal to 1."]}}})
    error = InvalidArguments(Bilingual("wrong arguments: lines", "参数有误：lines"), details={"fields": fields})
    zh = {"message": "参数有误：lines", "fields": {"lines": {"0": {"quantity": ["应不小于 1。"]}}}}
    for reply in (wire.encode_reply("1a", None, error), wire.encode_nameko_reply(None, error)):
        assert json.loads(reply)["error"]["message"] == "wrong arguments: lines"
        assert json.loads(reply)["error"]["zh"] == zh
