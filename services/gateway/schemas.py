"""The configuration section services.gateway."""
from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate, validates_schema

from services.gateway.domain.apps import DEMO_KEY, MOST_KEYS, key_hash
from shared_components.configuration.fields import DEVELOPMENT_ONLY, Reason
from shared_components.kernel.apps import APP_NAME

TENANT = r"\A[A-Za-z0-9_.:-]{1,64}\Z"
SHA256 = r"\A[0-9a-f]{64}\Z"
GRANT = r"\A(\*|[a-z][a-z0-9_]{0,39}\.(\*|[a-z][a-z0-9_]{0,63}))\Z"
ORIGIN = r"\Ahttps?://[A-Za-z0-9.-]+(:[0-9]{1,5})?\Z"


def _keys_differ(keys: list[str]) -> None:
    if not 1 <= len(set(keys)) == len(keys) <= MOST_KEYS:
        raise ValidationError(f"1 or {MOST_KEYS} different keys are allowed")


class AppEntry(Schema):
    class Meta:
        unknown = RAISE

    name = fields.String(
        required=True, validate=validate.Regexp(rf"\A{APP_NAME}\Z"), metadata={
            "allowed": "app- and then a-z, 0-9, -", "meaning": "Its name for services, on the broker too"})
    tenant = fields.String(
        required=True, validate=validate.Regexp(TENANT), metadata={
            "allowed": "a tenant's name", "meaning": "Whose data it works on"})
    key_sha256 = fields.String(
        validate=validate.Regexp(SHA256),
        metadata={
            "allowed": "the SHA-256 of the app's key, 64 hex digits", "data_class": "sensitive",
            "meaning": "`printf %s \"$KEY\" | sha256sum`; this, or keys_sha256"})
    keys_sha256 = fields.List(
        fields.String(validate=validate.Regexp(SHA256)), validate=_keys_differ,
        metadata={
            "allowed": f"1 or {MOST_KEYS} different SHA-256, 64 hex digits each", "data_class": "sensitive",
            "meaning": "Instead of key_sha256, while an app changes over from one key to the next"})
    methods = fields.List(
        fields.String(validate=validate.Regexp(GRANT)), load_default=lambda: ["*"], validate=validate.Length(1, 500),
        metadata={
            "allowed": "a list of '*', 'payment.*' or 'payment.get_order'", "meaning": "What it may call"})


    @validates_schema(skip_on_field_errors=True)
    def _one_way_to_say_it(self, entry: dict[str, Any], **_: Any) -> None:
        if "key_sha256" not in entry and "keys_sha256" not in entry:
            raise ValidationError("Missing data: key_sha256 or keys_sha256 is needed", "key_sha256")
        if "key_sha256" in entry and "keys_sha256" in entry:
            raise ValidationError(Reason("either key_sha256 or keys_sha256 is allowed"), "key_sha256")

    @post_load
    def _as_keys(self, entry: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"keys_sha256": [entry.pop("key_sha256")], **entry} if "key_sha256" in entry else entry


def _apps_differ(apps: list[dict[str, Any]]) -> None:
    names: set[str] = set()
    owners: dict[str, str] = {}
    for app in apps:
        name = app["name"]
        if name in names:
            raise ValidationError(Reason(f"two apps have the name '{name}'; every app needs its own"))
        names.add(name)
        for key in app["keys_sha256"]:
            other = owners.setdefault(key, name)
            if other != name:
                raise ValidationError(
                    Reason(f"apps '{other}' and '{name}' have a key in common; every app needs its own"))


def _is_address(address: str) -> None:
    try:
        ip_address(address)
    except ValueError:
        raise ValidationError(Reason(f"'{address[:40]}' is no IP address; one such as 127.0.0.1 is allowed")) from None


def _demo_key(apps: list[dict[str, Any]]) -> str | None:
    """Everybody knows the demo app's key."""
    demo = key_hash(DEMO_KEY)
    found = [app["name"] for app in apps if demo in app["keys_sha256"]]
    return f"'{found[0]}' has the documented key of the demo app; that is " if found else None


class GatewaySettings(Schema):
    """apps: who may call; without any, development has the demo app, and production nobody."""

    class Meta:
        unknown = RAISE

    apps = fields.List(
        fields.Nested(AppEntry), load_default=list, validate=_apps_differ,
        metadata={
            DEVELOPMENT_ONLY: _demo_key,
            "allowed": "a list of mappings with name (app-…), tenant and key_sha256 or keys_sha256",
            "meaning": "Who may call over HTTP; without any, development has the demo app, and production nobody"})
    longest_timeout_s = fields.Float(load_default=60.0, validate=validate.Range(0.1, 600), metadata={
        "allowed": "a number from 0.1 to 600", "meaning": "The most that `X-Timeout-S` may ask for"})
    body_timeout_s = fields.Float(load_default=20.0, validate=validate.Range(0.1, 600), metadata={
        "allowed": "a number from 0.1 to 600", "meaning": "How long a request's body may take to come"})
    max_in_flight = fields.Integer(
        load_default=2000, strict=True, validate=validate.Range(1, 100_000),
        metadata={"allowed": "a whole number from 1 to 100000",
                  "meaning": "Requests worked on at once; more are answered with 503"})
    max_in_flight_per_app = fields.Integer(
        load_default=1000, strict=True, validate=validate.Range(1, 100_000),
        metadata={"allowed": "a whole number from 1 to 100000",
                  "meaning": "Requests of one app worked on at once; more are answered with 429"})
    trusted_proxies = fields.List(
        fields.String(validate=_is_address), load_default=list, validate=validate.Length(max=100),
        metadata={"allowed": "a list of IP addresses",
                  "meaning": "Reverse proxies whose X-Forwarded-For names the browser, for the limits of the login"})
    cors_origins = fields.List(
        fields.String(validate=validate.Regexp(ORIGIN)), load_default=list, validate=validate.Length(max=100),
        metadata={"allowed": "a list of origins such as https://app.example",
                  "meaning": "Web pages of other hosts that may call from a browser"})
