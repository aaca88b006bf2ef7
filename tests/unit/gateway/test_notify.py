"""The Notify API refuses, in Notify's own shape, what it would otherwise take and not do."""
from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from shared_components.runtime.discovery import contract_of
from tests.unit.gateway.world import Edge

TEMPLATE = str(UUID(int=1))
CALLER = {"app": "app-a", "tenant": "tenant-a", "key_id": "nky_1", "kind": "live"}
SENT = {
    "message_id": f"msg_{UUID(int=2).hex}", "reference": None, "template_id": f"tpl_{UUID(int=1).hex}",
    "template_version": 1, "channel": "email", "subject": "s", "body": "b",
}
BODIES = {
    "email": {"email_address": "li@example.cn", "template_id": TEMPLATE},
    "sms": {"phone_number": "13800138000", "template_id": TEMPLATE},
}


@pytest.fixture
def edge() -> Edge:
    return Edge({
        "notification.identify_notify_caller": CALLER,
        "notification.send_by_notify": lambda asked: {**SENT, "channel": asked.kwargs["channel"]},
        "notification.list_by_notify": {"items": []},
        "notification.list_notify_templates": {"items": []},
        "notification.preview_notify_template": {**SENT, "version": 1},
    }, contracts=[contract_of("notification")])


def post(edge: Edge, path: str, body: dict[str, Any]) -> httpx.Response:
    return edge.ask(f"/v2{path}", json=body)


def asked_of(edge: Edge, method: str) -> list[dict[str, Any]]:
    return [asked.kwargs for asked in edge.bus.asked if asked.target == f"notification.{method}"]


def refusal_of(answer: httpx.Response) -> tuple[str, str]:
    body = answer.json()
    assert (answer.status_code, body["status_code"]) == (400, 400), answer.text
    (one,) = body["errors"]
    return one["error"], one["message"]


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_what_is_supported_is_sent(edge: Edge, channel: str) -> None:
    more = {"personalisation": {"name": "林静"}, "reference": "r-1"}
    assert post(edge, f"/notifications/{channel}", {**BODIES[channel], **more}).status_code == 201
    (asked,) = asked_of(edge, "send_by_notify")
    assert (asked["values"], asked["reference"]) == ({"name": "林静"}, "r-1")


@pytest.mark.parametrize(("channel", "name", "value"), [
    ("email", "one_click_unsubscribe_url", "https://example.cn/unsubscribe"),
    ("email", "email_reply_to_id", str(UUID(int=3))),
    ("email", "sanitise_content_for", ["name"]),
    ("sms", "sms_sender_id", str(UUID(int=3))),
])
def test_an_option_that_is_not_supported_is_refused_by_name(
    edge: Edge, channel: str, name: str, value: Any,
) -> None:
    error, message = refusal_of(post(edge, f"/notifications/{channel}", {**BODIES[channel], name: value}))
    assert (error, message) == ("BadRequestError", f"{name} is not supported; leave it out")
    assert asked_of(edge, "send_by_notify") == []


@pytest.mark.parametrize(("channel", "name"), [
    ("email", "one_click_unsubscribe_url"), ("email", "email_reply_to_id"), ("email", "sanitise_content_for"),
    ("sms", "sms_sender_id"),
])
def test_an_option_that_is_empty_asks_for_nothing(edge: Edge, channel: str, name: str) -> None:
    assert post(edge, f"/notifications/{channel}", {**BODIES[channel], name: None}).status_code == 201


def test_an_option_of_the_other_channel_is_unexpected(edge: Edge) -> None:
    for channel, name in (("sms", "email_reply_to_id"), ("email", "sms_sender_id")):
        error, message = refusal_of(post(edge, f"/notifications/{channel}", {**BODIES[channel], name: "x"}))
        assert error == "ValidationError" and message.startswith("Additional properties") and name in message


@pytest.mark.parametrize(("query", "channel"), [
    ("template_type=email", "email"), ("template_type=email&template_type=letter", "email"),
    ("template_type=sms&template_type=sms", "sms"), ("template_type=email&template_type=sms", None),
])
def test_a_list_has_the_wanted_types_alone(edge: Edge, query: str, channel: str | None) -> None:
    assert edge.ask(f"/v2/notifications?{query}", "GET").status_code == 200
    (asked,) = asked_of(edge, "list_by_notify")
    assert asked.get("channel") == channel


def test_a_list_of_letters_is_empty(edge: Edge) -> None:
    answer = edge.ask("/v2/notifications?template_type=letter&template_type=letter", "GET")
    assert answer.json()["notifications"] == [] and asked_of(edge, "list_by_notify") == []


def test_what_templates_and_previews_do_not_know_is_refused(edge: Edge) -> None:
    preview = f"/template/{TEMPLATE}/preview"
    assert post(edge, preview, {"personalisation": {}}).status_code == 200
    assert edge.ask("/v2/templates?type=sms", "GET").status_code == 200
    for answer in (post(edge, preview, {"personalization": {}}), edge.ask("/v2/templates?name=x", "GET")):
        error, message = refusal_of(answer)
        assert error == "ValidationError" and message.startswith("Additional properties")


@pytest.mark.parametrize("version", ["0", "-1", "one", "9" * 11, "000000000001" + "0" * 5000])
def test_a_version_that_is_no_small_whole_number_is_refused(edge: Edge, version: str) -> None:
    assert refusal_of(edge.ask(f"/v2/template/{TEMPLATE}/version/{version}", "GET"))[0] == "ValidationError"
