"""The unmodified Python client of GOV.UK Notify makes its documented calls against the running platform."""
from __future__ import annotations

import io
import time
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from tests.integration.notify_api.served import GUEST, OTHER_KEY, ServedNotify

pytestmark = pytest.mark.integration
VALUES = {"name": "林静", "licence": "驾驶证"}


def send(served: ServedNotify, kind: str = "live", to: str = "zhang@example.cn", **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = served.client(kind).send_email_notification(
        **{"email_address": to, "template_id": served.template, "personalisation": VALUES, **more})
    return found


def refused(call: Any, *args: Any, **more: Any) -> tuple[int, str, str]:
    """Status, error and message of the only error."""
    with pytest.raises(HTTPError) as caught:
        call(*args, **more)
    errors: Any = caught.value.message  # a list of errors, where the client's type says text
    (one,) = errors
    return caught.value.status_code, one["error"], one["message"]


def test_an_email_is_sent_and_read_back(served: ServedNotify) -> None:
    made = send(served, reference="case-1")
    assert made["content"]["subject"] == "林静的证件" and made["content"]["body"] == "您好 林静，您的证件驾驶证已办好。"
    assert made["reference"] == "case-1" and made["template"]["id"] == served.template
    assert made["template"]["version"] == 2 and made["scheduled_for"] is None
    found = served.client("live").get_notification_by_id(made["id"])
    assert (found["id"], found["type"], found["email_address"]) == (made["id"], "email", "zhang@example.cn")
    assert found["status"] in ("created", "sending", "sent")
    assert found["body"] == made["content"]["body"] and found["reference"] == "case-1"
    assert httpx.get(made["uri"]).status_code == 401


def test_a_test_key_sends_nothing_and_says_delivered(served: ServedNotify) -> None:
    made = send(served, "test", to="nobody@example.cn")
    found = served.client("test").get_notification_by_id(made["id"])
    assert (found["status"], bool(found["completed_at"])) == ("delivered", True)


def test_a_team_key_sends_to_its_list_alone(served: ServedNotify) -> None:
    assert send(served, "team", to=GUEST.upper())["id"]
    assert refused(send, served, "team", to="zhang@example.cn") == (
        400, "BadRequestError", "Can’t send to this recipient using a team-only API key")


def test_lists_go_on_from_page_to_page_until_one_is_empty(served: ServedNotify) -> None:
    reference = f"page-{uuid4()}"
    ids = [send(served, "test", reference=reference)["id"] for _ in range(3)]
    client = served.client("test")
    first = client.get_all_notifications(reference=reference)
    assert [one["id"] for one in first["notifications"]] == ids[::-1]
    older = client.get_all_notifications(reference=reference, older_than=ids[1])
    assert [one["id"] for one in older["notifications"]] == ids[:1]
    assert [one["id"] for one in client.get_all_notifications_iterator(reference=reference)] == ids[::-1]
    assert "next" not in client.get_all_notifications(reference=reference, older_than=ids[0])["links"]
    assert len(client.get_all_notifications(reference=reference, status="delivered")["notifications"]) == 3
    for none in ({"status": "sending"}, {"status": "failed"}, {"template_type": "sms"}, {"template_type": "letter"}):
        assert client.get_all_notifications(reference=reference, **none)["notifications"] == []


def test_templates_their_versions_and_previews_are_read(served: ServedNotify) -> None:
    client = served.client("live")
    newest = client.get_template(served.template)
    assert (newest["version"], newest["type"], newest["name"]) == (2, "email", "ready")
    assert newest["personalisation"] == {
        "name": {"required": True}, "licence": {"required": True}, "note": {"required": False}}
    assert client.get_template_version(served.template, 1)["body"].endswith("已办好。")
    assert served.template in [one["id"] for one in client.get_all_templates("email")["templates"]]
    assert client.get_all_templates("letter")["templates"] == []
    shown = client.post_template_preview(served.template, {**VALUES, "licence": ["身份证", "驾驶证"]})
    assert "* 身份证\n* 驾驶证" in shown["body"]
    assert refused(client.get_template, str(uuid4())) == (404, "NoResultFound", "No result found")
    assert refused(client.get_template_version, served.template, 9)[0] == 404
    assert refused(client.get_template_version, served.template, "x")[:2] == (400, "ValidationError")


def test_what_is_missing_or_wrong_is_refused_in_notifys_words(served: ServedNotify) -> None:
    client = served.client("live")
    assert refused(send, served, personalisation={"name": "林静"}) == (
        400, "BadRequestError", "Missing personalisation: licence")
    assert refused(client.post_template_preview, served.template, {}) == (
        400, "BadRequestError", "Missing personalisation: name, licence")
    assert refused(send, served, template_id=str(uuid4())) == (400, "BadRequestError", "Template not found")
    assert refused(send, served, template_id="no-uuid") == (
        400, "ValidationError", "template_id is not a valid UUID")
    assert refused(send, served, to="no address")[:2] == (400, "ValidationError")
    assert refused(send, served, reference="x" * 129)[:2] == (400, "ValidationError")
    assert refused(client.get_notification_by_id, str(uuid4())) == (404, "NoResultFound", "No result found")
    assert refused(client.get_notification_by_id, "x")[:2] == (400, "ValidationError")
    assert refused(client.post, "/v2/notifications/email", {"template_id": served.template}) == (
        400, "ValidationError", "email_address is a required property")
    assert refused(client.get_all_notifications, status="lost")[:2] == (400, "ValidationError")


def test_a_text_message_is_sent_and_read_back(served: ServedNotify) -> None:
    client = served.client("live")
    (template,) = [one["id"] for one in client.get_all_templates("sms")["templates"] if one["name"] == "texted"]
    made = client.send_sms_notification("13800000001", template, {"code": "123456"}, reference="text-1")
    assert made["content"]["body"].endswith("您的验证码为123456。")
    found = client.get_notification_by_id(made["id"])
    assert (found["type"], found["phone_number"], found["email_address"]) == ("sms", "+8613800000001", None)
    assert refused(client.send_sms_notification, "no number", template, {"code": "1"})[:2] == (400, "ValidationError")
    assert refused(client.send_sms_notification, "13800000001", served.template, VALUES) == (
        400, "BadRequestError", "email template is not suitable for this notification")


def test_received_texts_are_refused_as_not_allowed(served: ServedNotify) -> None:
    said = (400, "BadRequestError", "Service is not allowed to receive text messages")
    assert refused(served.client("live").get_received_texts) == said


def test_letters_are_refused_as_not_allowed(served: ServedNotify) -> None:
    client = served.client("live")
    said = (400, "BadRequestError", "Service is not allowed to send letters")
    assert refused(client.send_letter_notification, served.template, {"address_line_1": "x"}) == said
    assert refused(client.send_precompiled_letter_notification, "r", io.BytesIO(b"%PDF")) == said
    assert refused(client.get_pdf_for_letter, str(uuid4())) == said


def test_wrong_keys_and_tokens_are_refused(served: ServedNotify) -> None:
    key = served.keys["live"]
    other = NotificationsAPIClient(key[:-36] + str(uuid4()), base_url=served.address)
    assert refused(other.get_all_templates) == (403, "AuthError", "Invalid token: API key not found")
    service, secret = key[-73:-37], key[-36:]
    clock = "Error: Your system clock must be accurate to within 30 seconds"
    now = int(time.time())
    cases: list[tuple[dict[str, Any], str, str | None]] = [
        ({"iss": service, "iat": now - 60}, "HS256", clock), ({"iss": service, "iat": now + 60}, "HS256", clock),
        ({"iss": service}, "HS256", clock), ({"iat": now}, "HS256", None),
        ({"iss": service, "iat": now}, "HS512", "Invalid token: algorithm used is not HS256"),
        ({"iss": str(uuid4()), "iat": now}, "HS256", "Invalid token: API key not found"),
    ]
    for claims, algorithm, said in cases:
        token = jwt.encode(claims, secret, algorithm)
        answer = httpx.get(f"{served.address}/v2/templates", headers={"Authorization": f"Bearer {token}"})
        body = answer.json()
        assert (answer.status_code, body["status_code"], body["errors"][0]["error"]) == (403, 403, "AuthError")
        assert said is None or body["errors"][0]["message"] == said
    for headers in ({}, {"Authorization": f"Basic {key}"}, {"Authorization": "Bearer"}):
        assert httpx.get(f"{served.address}/v2/templates", headers=headers).status_code == 401
    unsigned = jwt.encode({"iss": service, "iat": now}, "", "none")
    answer = httpx.get(f"{served.address}/v2/templates", headers={"Authorization": f"Bearer {unsigned}"})
    assert answer.status_code == 403


def test_a_revoked_key_is_refused_at_once(served: ServedNotify) -> None:
    made = served.ask("notification/create-notify-key", name="short", kind="live")
    client = NotificationsAPIClient(made["key"], base_url=served.address)
    assert client.get_all_templates()["templates"]
    served.ask("notification/revoke-notify-key", key_id=made["key_id"])
    assert refused(client.get_all_templates) == (403, "AuthError", "Invalid token: API key revoked")


def test_an_app_of_another_department_sees_nothing_of_it(served: ServedNotify) -> None:
    key = served.ask("notification/create-notify-key", OTHER_KEY, name="other", kind="live")["key"]
    other = NotificationsAPIClient(key, base_url=served.address)
    made = send(served)
    assert refused(other.get_notification_by_id, made["id"])[0] == 404
    assert refused(other.get_template, served.template)[0] == 404
    assert refused(other.send_email_notification, "a@example.cn", served.template) == (
        400, "BadRequestError", "Template not found")
    assert other.get_all_notifications()["notifications"] == []


def test_a_body_that_is_no_json_object_is_refused(served: ServedNotify) -> None:
    token = jwt.encode({"iss": served.keys["live"][-73:-37], "iat": int(time.time())}, served.keys["live"][-36:])
    for body in (b"{", b"[]", b'"x"'):
        answer = httpx.post(
            f"{served.address}/v2/notifications/email", content=body, headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["errors"][0]["error"]) == (400, "BadRequestError")


def test_the_same_idempotency_key_sends_once(served: ServedNotify) -> None:
    client = served.client("live")
    client.request_session.headers["Idempotency-Key"] = f"once-{uuid4()}"
    first, again = (client.send_email_notification("zhang@example.cn", served.template, VALUES) for _ in range(2))
    assert first["id"] == again["id"]
