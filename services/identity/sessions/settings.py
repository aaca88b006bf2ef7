"""Section services.identity.sessions of the configuration."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.identity.sessions.domain.lifetimes import LONGEST_ACCESS, Lifetime, Lifetimes, TokenPolicy

DEFAULTS = Lifetimes()
LONGEST_S = 366 * 86_400


def _seconds(default: timedelta, most: int, meaning: str) -> fields.Integer:
    return fields.Integer(
        load_default=int(default.total_seconds()), strict=True, validate=validate.Range(1, most),
        metadata={"allowed": f"1 to {most} seconds", "meaning": meaning})


class SessionSettings(Schema):
    """Lifetimes of sessions, tokens and signing keys."""

    citizen_idle_s = _seconds(
        DEFAULTS.citizen.idle, LONGEST_S, "After so long without a sign of life a citizen's session is over")
    citizen_session_s = _seconds(DEFAULTS.citizen.absolute, LONGEST_S, "The longest session of a citizen")
    officer_idle_s = _seconds(
        DEFAULTS.officer.idle, LONGEST_S, "After so long without a sign of life an officer's session is over")
    officer_session_s = _seconds(DEFAULTS.officer.absolute, LONGEST_S, "The longest session of an officer")
    access_token_s = _seconds(DEFAULTS.access, int(LONGEST_ACCESS.total_seconds()), "Lifetime of an access token")
    refresh_grace_s = _seconds(
        DEFAULTS.grace, 300, "For so long the app whose reply was lost may repeat a refresh")
    signing_key_s = _seconds(DEFAULTS.key_age, LONGEST_S, "A key that signs tokens is replaced after so long")
    signing_key_overlap_s = _seconds(
        DEFAULTS.key_overlap, 7 * 86_400, "The next key is published so long before it signs")

    @validates_schema
    def _check_order(self, data: Mapping[str, Any], **_: Any) -> None:
        for kind in ("citizen", "officer"):
            if data[f"{kind}_idle_s"] > data[f"{kind}_session_s"]:
                raise ValidationError(
                    f"Only {data[f'{kind}_session_s']} s or less, as of {kind}_session_s, is allowed.",
                    f"{kind}_idle_s")


def token_policy(settings: Mapping[str, Any], public_url: str) -> TokenPolicy:
    """settings: validated. public_url: of the platform, the issuer of its tokens."""
    def seconds(name: str) -> timedelta:
        return timedelta(seconds=settings[name])

    return TokenPolicy(public_url.rstrip("/"), Lifetimes(
        citizen=Lifetime(seconds("citizen_idle_s"), seconds("citizen_session_s")),
        officer=Lifetime(seconds("officer_idle_s"), seconds("officer_session_s")),
        access=seconds("access_token_s"), grace=seconds("refresh_grace_s"),
        key_overlap=seconds("signing_key_overlap_s"), key_age=seconds("signing_key_s")))
