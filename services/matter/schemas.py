"""Section services.matter of the configuration."""
from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from services.matter.common.fields import NAME
from shared_components.configuration.fields import Whole, days, known_years
from shared_components.contracts.settings import return_addresses


def _is_private(address: str) -> None:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as wrong:
        raise ValidationError("it is no address") from wrong
    local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not parts.hostname or parts.scheme not in (("https", "http") if local else ("https",)):
        raise ValidationError("https:// is allowed, and http:// on this machine: a question holds personal data")


def _address(meaning: str) -> fields.String:
    return fields.String(
        required=True, validate=[validate.Length(max=500), _is_private],
        metadata={"allowed": "an address, https://, or http:// on this machine", "meaning": meaning})


def _key_id(meaning: str) -> fields.String:
    return fields.String(
        required=True, validate=validate.Length(1, 64),
        metadata={"allowed": "the key's id, 1 to 64 characters", "meaning": meaning})


def _secret(shared_with: str, meaning: str) -> fields.String:
    return fields.String(required=True, validate=validate.Length(16, 256), metadata={
        "allowed": f"16 to 256 characters, shared with the {shared_with}", "data_class": "sensitive",
        "meaning": f"{meaning}; from `${{ENV}}`"})


def _tenants(meaning: str) -> fields.List[Any]:
    return fields.List(
        fields.String(validate=validate.Length(1, 64)), load_default=None, allow_none=True,
        validate=validate.Length(1, 500), metadata={
            "allowed": "a list of 1 to 500 tenants' names", "meaning": f"{meaning}; without it, every tenant's"})


def _timeout(what: str) -> fields.Float:
    return fields.Float(load_default=3.0, validate=validate.Range(0.1, 8), metadata={
        "allowed": "a number from 0.1 to 8", "meaning": f"How long {what} may take, from connecting to its end"})


class CallbackKey(Schema):
    class Meta:
        unknown = RAISE

    key_id = _key_id("What header `X-Zhongtai-Key-Id` says")
    source = fields.String(
        required=True, validate=validate.Regexp(NAME), metadata={
            "allowed": "who signs, as definitions name it", "meaning": "The outside system, such as `hospital`"}
    )
    tenants = _tenants("Whose cases it may answer")
    secret = _secret("source", "Signs its callbacks")


class Register(Schema):
    class Meta:
        unknown = RAISE

    name = fields.String(
        required=True, validate=validate.Regexp(NAME), metadata={
            "allowed": "the register's name, as definitions write it", "meaning": "What `asks` of a check name"}
    )
    url = _address("Where the question goes: POST of a JSON object, signed as callbacks are")
    key_id = _key_id("Said in header `X-Zhongtai-Key-Id`")
    secret = _secret("register", "Signs the questions")
    timeout_s = _timeout("an answer")
    tenants = _tenants("Whose cases may ask it")


class Seal(Schema):
    class Meta:
        unknown = RAISE

    url = _address("The seal service: POST `seals/CODE/signatures` of the document, signed as callbacks are")
    key_id = _key_id("Said in header `X-Zhongtai-Key-Id`")
    secret = _secret("seal service", "Signs the requests")
    timeout_s = _timeout("a seal")


def _ids_differ(keys: list[dict[str, str]]) -> None:
    ids = [key["key_id"] for key in keys]
    if len(set(ids)) != len(ids):
        raise ValidationError("a key_id is there twice; every key needs its own")


def _names_differ(registers: list[dict[str, Any]]) -> None:
    """A name may be there again for other tenants."""
    seen: dict[str, list[set[str] | None]] = {}
    for one in registers:
        tenants = None if one["tenants"] is None else set(one["tenants"])
        for other in seen.setdefault(one["name"], []):
            if tenants is None or other is None or tenants & other:
                raise ValidationError("a name is there twice for one tenant; every register needs its own")
        seen[one["name"]].append(tenants)


class Calendar(Schema):
    """A calendar of a region or a department: the platform's days, and days of its own."""

    class Meta:
        unknown = RAISE

    name = fields.String(
        required=True, validate=validate.Regexp(NAME), metadata={
            "allowed": "the calendar's name, as definitions write it", "meaning": "What `procedure.calendar` names"}
    )
    holidays = days("Days off beside those of the platform's calendar")
    make_up_days = days("Weekend days that are worked, beside the platform's")
    years = known_years("Years beside those of the platform's calendar whose days are given")


class MatterSettings(Schema):
    """Section services.matter. callback_keys: who may answer callback steps; two keys while one is being replaced."""

    class Meta:
        unknown = RAISE

    callback_keys = fields.List(
        fields.Nested(CallbackKey), load_default=list, validate=_ids_differ,
        metadata={"allowed": "a list of mappings with key_id, source and secret",
                  "meaning": "Who may answer callback steps; two keys of one source while one is being replaced"},
    )
    registers = fields.List(
        fields.Nested(Register), load_default=list, validate=[validate.Length(max=500), _names_differ],
        metadata={"allowed": "a list of mappings with name, url, key_id and secret",
                  "meaning": "Registers of departments that checks ask"},
    )
    seal = fields.Nested(
        Seal, load_default=None, allow_none=True, metadata={
            "allowed": "a mapping with url, key_id and secret",
            "meaning": "The seal service (电子印章) of documents; without it they are made without a seal, and say so"},
    )
    bootstrap_tenants = fields.List(
        fields.String(validate=validate.Length(1, 64)), load_default=list,
        metadata={"allowed": "a list of tenants' names",
                  "meaning": "Tenants that get the shipped definitions and templates at start"},
    )
    stuck_after_attempts = Whole(
        load_default=12, validate=validate.Range(1, 1000), metadata={
            "allowed": "a whole number from 1 to 1000", "meaning": "Tries after which a step waits for people"}
    )
    step_lease_s = fields.Float(
        load_default=90.0, validate=validate.Range(1, 3600), metadata={
            "allowed": "a number from 1 to 3600",
            "meaning": "How long a process may take for a step, all its calls together; then another one asks again"}
    )
    return_addresses = return_addresses()
    payment_poll_s = fields.Float(
        load_default=300.0, validate=validate.Range(1, 86_400), metadata={
            "allowed": "a number from 1 to 86400", "meaning": "How often the state of an unpaid order is asked for"}
    )
    holidays = days("Days off beside the platform's calendar, for matters only")
    make_up_days = days("Weekend days that are worked (调休上班日), for matters only")
    calendar_years = known_years("Years beside those of the platform's calendar whose days are given, for matters only")
    calendars = fields.List(
        fields.Nested(Calendar), load_default=list, validate=validate.Length(max=100), metadata={
            "allowed": "a list of mappings with name, holidays, make_up_days and years",
            "meaning": "Calendars of regions or departments with working days of their own"},
    )
    unpaid_violations = fields.Dict(
        keys=fields.String(), values=fields.Integer(strict=True, validate=validate.Range(-1, 1000)),
        load_default=None, allow_none=True, metadata={
            "allowed": "a mapping from an identity number to a whole number from -1 to 1000",
            "meaning": "For the sandbox authority: how many violations are unpaid, -1 for no answer",
            "data_class": "sensitive",
        },
    )
