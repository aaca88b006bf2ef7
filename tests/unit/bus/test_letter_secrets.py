"""Dead letters of calls keep no password, code or key."""
from __future__ import annotations

import json

import pytest

from services.identity.service import IdentityService
from shared_components.bus.server.letter_secrets import remove_secrets
from shared_components.contracts import service_contract
from shared_components.observability.redaction import register_contract, secret_names

NAMES = {"new_password", "response"}
SECRET = "hunter2hunter2"


@pytest.mark.parametrize("kwargs", [
    {"new_password": SECRET}, {"deep": [{"New_Password": SECRET}]}, {"response": {"signature": SECRET}},
    {"response": [SECRET, SECRET]},
])
def test_values_are_removed_at_every_depth_and_the_rest_stays(kwargs: object) -> None:
    body = json.dumps({"calls": [{"method": "change_password", "kwargs": kwargs}]}).encode()
    left = remove_secrets(body, NAMES)
    assert SECRET.encode() not in left
    assert json.loads(left)["calls"][0]["method"] == "change_password"


@pytest.mark.parametrize("cut", [
    b'{"method": "x", "new_password": "hunter2hunter2', b"{'new_password': 'hunter2hunter2'}",
    b'{"response": {"a": "hunter2hunter2"', b'"{\\"new_password\\": \\"hunter2hunter2\\"}" x',
])
def test_a_body_that_cannot_be_read_is_cut_where_a_secret_begins(cut: bytes) -> None:
    assert SECRET.encode() not in remove_secrets(cut, NAMES)


def test_a_body_without_a_secret_is_the_same_bytes() -> None:
    body = b'{ "method":"get_order",  "kwargs": {"order_id": "pay_1"} }'
    assert remove_secrets(body, NAMES) is body
    assert remove_secrets(body, ()) is body


def test_the_secrets_of_identity_are_known_by_their_class() -> None:
    register_contract(service_contract(IdentityService))
    assert {"new_password", "confirmation", "secret"} <= secret_names()
