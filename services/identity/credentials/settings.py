"""Section services.identity.credentials of the configuration."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, fields, validate

from services.identity.credentials.domain.attempts import Limit, Limits
from services.identity.credentials.domain.policy import CodeRules, CredentialPolicy, PasskeyRules

DEFAULTS = Limits()


def _attempts(of: str, default: Limit) -> fields.Integer:
    return fields.Integer(load_default=default.attempts, strict=True, validate=validate.Range(1, 10_000), metadata={
        "allowed": "1 to 10000",
        "meaning": f"Sign-in attempts of {of} in any {_words(default.window)}"})


def _words(window: timedelta) -> str:
    return "24 hours" if window.days else f"{int(window.total_seconds() // 60)} minutes"


class PasskeySettings(Schema):
    rp_id = fields.String(
        required=True, validate=validate.Regexp(r"\A[a-z0-9]([a-z0-9.\-]{0,251}[a-z0-9])?\Z"), metadata={
            "allowed": "a host name", "meaning": "The host of the sign-in pages, to which passkeys are bound for ever"})
    name = fields.String(required=True, validate=validate.Length(1, 64), metadata={
        "allowed": "up to 64 characters", "meaning": "The platform's name, as devices show it"})
    origins = fields.List(
        fields.String(validate=validate.Regexp(r"\Ahttps?://[a-z0-9.\-]{1,253}(:[0-9]{1,5})?\Z")), required=True,
        validate=validate.Length(1, 10), metadata={
            "allowed": "1 to 10 origins, such as https://id.example.gov.cn",
            "meaning": "The origins of pages that may use passkeys"})


class CredentialSettings(Schema):
    """Limits, hashing threads and passkeys."""

    identifier_attempts = _attempts("one identifier, by devices that are not known", DEFAULTS.identifier)
    account_attempts = _attempts("one account, by devices that are not known", DEFAULTS.account)
    account_attempts_a_day = _attempts("one account, by devices that are not known", DEFAULTS.account_day)
    known_device_attempts = _attempts("one account from one device that has signed in before", DEFAULTS.known_device)
    device_attempts = _attempts("one device", DEFAULTS.device)
    address_attempts = _attempts("one address", DEFAULTS.address)
    second_factor_attempts = _attempts("a second factor of one account", DEFAULTS.second)
    hashing_threads = fields.Integer(load_default=2, strict=True, validate=validate.Range(1, 64), metadata={
        "allowed": "1 to 64", "meaning": "Password hashes that a process computes at once; each takes 19 MiB"})
    hashing_queue = fields.Integer(load_default=32, strict=True, validate=validate.Range(0, 10_000), metadata={
        "allowed": "0 to 10000", "meaning": "Sign-ins that may wait for a hashing thread; more are refused"})
    issuer = fields.String(load_default="zhongtai", validate=validate.Length(1, 64), metadata={
        "allowed": "up to 64 characters", "meaning": "The platform's name in authenticator apps"})
    passkeys = fields.Nested(PasskeySettings, load_default=None, allow_none=True, metadata={
        "allowed": "a mapping with rp_id (the host of the sign-in pages), name and origins (such as https://host)",
        "meaning": "What passkeys are bound to; by default the host of http.public_url, unless that is an IP address"})


def credential_policy_of(settings: Mapping[str, Any], public_url: str | None = None) -> CredentialPolicy:
    """The policy that validated settings ask for. public_url: of the gateway, whose pages people sign in at."""
    return CredentialPolicy(
        _limits(settings), CodeRules(), issuer=settings["issuer"], passkeys=_passkeys(settings, public_url))


def _passkeys(settings: Mapping[str, Any], public_url: str | None) -> PasskeyRules | None:
    keys = settings["passkeys"]
    if keys is not None:
        return PasskeyRules(keys["rp_id"], keys["name"], tuple(keys["origins"]))
    address = urlsplit(public_url or "")
    host = address.hostname or ""
    # Browsers bind passkeys to a name, never to an IP address.
    if not host or host.replace(".", "").isdigit() or ":" in host:
        return None
    return PasskeyRules(host, settings["issuer"], (f"{address.scheme}://{address.netloc}",))


def _limits(settings: Mapping[str, Any]) -> Limits:
    def limit(default: Limit, name: str) -> Limit:
        return Limit(default.scope, settings[name], default.window)

    return Limits(
        limit(DEFAULTS.identifier, "identifier_attempts"), limit(DEFAULTS.account, "account_attempts"),
        limit(DEFAULTS.account_day, "account_attempts_a_day"), limit(DEFAULTS.known_device, "known_device_attempts"),
        limit(DEFAULTS.device, "device_attempts"), limit(DEFAULTS.address, "address_attempts"),
        limit(DEFAULTS.second, "second_factor_attempts"))
