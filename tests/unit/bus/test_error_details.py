"""What an error says of one entry of a list reaches the caller, in both wire formats."""
from __future__ import annotations

import json

from shared_components.bus.amqp import wire
from shared_components.bus.errors import InvalidArguments

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
