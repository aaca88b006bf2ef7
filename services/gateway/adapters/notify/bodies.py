"""Bodies and queries of the Notify API as arguments of methods, and replies as its JSON objects."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.gateway.adapters.notify.refusals import BAD_REQUEST, VALIDATION, refused

MESSAGE, TEMPLATE = "msg", "tpl"
ADDRESS_FIELDS = {"email": "email_address", "sms": "phone_number"}
NOT_SUPPORTED = {
    "email": ("email_reply_to_id", "one_click_unsubscribe_url", "sanitise_content_for"), "sms": ("sms_sender_id",),
}
"""Options of Notify that the platform does not have. Taken and not done, they would mislead: a link to unsubscribe
that no letter has, a reply that goes elsewhere.
"""
TYPES = ("email", "sms", "letter")
_STATES: Mapping[str, str] = {
    "created": "created", "scheduled": "created", "sending": "sending", "temporary-failure": "sending",
    "sent": "sent", "delivered": "delivered", "permanent-failure": "permanent-failure",
    "technical-failure": "technical-failure", "cancelled": "technical-failure", "expired": "technical-failure",
}
"""Our state → Notify's. Notify has no word for a message that was taken back."""
FAILED = ("permanent-failure", "technical-failure", "temporary-failure")


def our_id(given: str, prefix: str, what: str) -> str:
    """`msg_…` of a UUID. Raises NotifyRequestRefused."""
    try:
        return f"{prefix}_{UUID(given).hex}"
    except ValueError:
        raise refused(VALIDATION, f"{what} is not a valid UUID") from None


def their_id(given: str) -> str:
    """The UUID of an id of ours."""
    return str(UUID(given.partition("_")[2]))


def known_only(given: Mapping[str, Any], names: Collection[str]) -> None:
    """Refuse a body or query with other names. Raises NotifyRequestRefused."""
    for name in given:
        if name not in names:
            raise refused(VALIDATION, f"Additional properties are not allowed ({name[:60]} was unexpected)")


def sending(body: Mapping[str, Any], channel: str, key_id: str) -> dict[str, Any]:
    """Arguments of `send_by_notify`. Raises NotifyRequestRefused."""
    address_field = ADDRESS_FIELDS[channel]
    known_only(body, (address_field, "template_id", "personalisation", "reference", *NOT_SUPPORTED[channel]))
    for name in NOT_SUPPORTED[channel]:
        if body.get(name) is not None:
            raise refused(BAD_REQUEST, f"{name} is not supported; leave it out")
    for name in (address_field, "template_id"):
        if name not in body:
            raise refused(VALIDATION, f"{name} is a required property")
        if not isinstance(body[name], str):
            raise refused(VALIDATION, f"{name} is not of type string")
    arguments = {
        "key_id": key_id, "channel": channel, "address": body[address_field],
        "template_id": our_id(body["template_id"], TEMPLATE, "template_id"),
        "values": personalisation(body.get("personalisation")),
    }
    if body.get("reference"):
        arguments["reference"] = body["reference"]
    return arguments


def personalisation(given: Any) -> dict[str, Any]:
    """Values for placeholders; a list becomes lines with bullets, as Notify has it. Raises NotifyRequestRefused."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise refused(VALIDATION, "personalisation is not of type object")
    return {str(name): _value(name, value) for name, value in given.items() if value is not None}


def _value(name: str, value: Any) -> str | int:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return str(value)
    if isinstance(value, Sequence):
        return "\n".join(f"* {one}" for one in value)
    if "file" in value:
        raise refused(BAD_REQUEST, "Service is not allowed to send files")
    raise refused(VALIDATION, f"personalisation.{str(name)[:60]} is not a text, a number or a list")


def created(message: Mapping[str, Any], base_url: str, sender: str | None = None) -> dict[str, Any]:
    """The answer to a message that was taken."""
    body: dict[str, Any] = {
        "id": their_id(message["message_id"]), "reference": message["reference"],
        "uri": f"{base_url}/v2/notifications/{their_id(message['message_id'])}",
        "template": _template_of(message, base_url), "scheduled_for": None,
    }
    if message["channel"] == "email":
        body["content"] = {
            "from_email": sender, "body": message["body"], "subject": message["subject"],
            "one_click_unsubscribe_url": None}
        return {**body, "sanitised_content": {}}
    return {**body, "content": {"body": message["body"], "from_number": sender}}


def notification(message: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    """A message as `GET /v2/notifications/{id}` shows it."""
    of = message["channel"]
    return {
        "id": their_id(message["message_id"]), "reference": message["reference"],
        "email_address": message["address"] if of == "email" else None,
        "phone_number": message["address"] if of == "sms" else None,
        **{f"line_{number}": None for number in range(1, 7)}, "postcode": None, "type": of,
        "status": _STATES[message["state"]], "template": _template_of(message, base_url),
        "body": message["body"], "subject": message["subject"], "created_at": message["created_at"],
        "created_by_name": None, "sent_at": message["sent_at"], "completed_at": message["completed_at"],
        "scheduled_for": None, "one_click_unsubscribe_url": None, "is_cost_data_ready": False,
        "cost_in_pounds": None, "cost_details": {},
    }


def template(found: Mapping[str, Any]) -> dict[str, Any]:
    """A template as the Notify API shows it."""
    return {
        "id": their_id(found["template_id"]), "name": found["name"], "type": found["channel"],
        "created_at": found["created_at"], "updated_at": None, "created_by": None, "version": found["version"],
        "body": found["body"], "subject": found["subject"], "letter_contact_block": None, "postage": None,
        "personalisation": {name: {"required": needed} for name, needed in found["placeholders"].items()},
    }


def preview(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": their_id(found["template_id"]), "type": found["channel"], "version": found["version"],
        "body": found["body"], "subject": found["subject"], "html": None, "postage": None,
    }


def states_of(given: Sequence[str]) -> list[str]:
    """Our states for Notify's; `failed` is all failures. Raises NotifyRequestRefused."""
    wanted = {name for one in given for name in (FAILED if one == "failed" else (one,))}
    known = {*_STATES.values(), *FAILED, "pending", "accepted", "received", "cancelled", "pending-virus-check",
             "virus-scan-failed", "validation-failed"}
    for name in sorted(wanted - known):
        raise refused(VALIDATION, f"status {name[:40]} is not one of [{', '.join(sorted(known))}]")
    return [state for state, said in _STATES.items() if said in wanted]


def _template_of(message: Mapping[str, Any], base_url: str) -> dict[str, Any] | None:
    if message["template_id"] is None:
        return None
    template_id, version = their_id(message["template_id"]), message["template_version"]
    return {
        "id": template_id, "version": version, "uri": f"{base_url}/v2/template/{template_id}/version/{version}"}
