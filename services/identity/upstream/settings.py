"""Settings of other identity providers: section services.identity.upstream."""
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates

from services.identity.subjects.domain.levels import EVIDENCE_KINDS
from services.identity.upstream.domain.connection import ALGORITHMS, OpenIdSettings, origin_of
from services.identity.upstream.domain.provider import ProviderPolicy

NAME = validate.Regexp(r"\A[a-z][a-z0-9-]{0,31}\Z", error="Only 1 to 32 of a-z, 0-9 and -, beginning with a letter.")
CLAIMS = ("name", "id_type", "id_number", "credit_code", "organisation_name", "organisation_role")
TEXT = validate.Length(1, 255)


def _address(value: str) -> None:
    try:
        origin_of(value)
    except ValueError as wrong:
        raise ValidationError(f"{wrong}.") from None


class ProviderSettings(Schema):
    """One provider, by its name in the configuration."""

    title = fields.String(required=True, validate=validate.Length(1, 50))
    title_en = fields.String(required=True, validate=validate.Length(1, 50))
    issuer = fields.String(required=True, validate=_address)
    client_id = fields.String(required=True, validate=TEXT)
    client_secret_file = fields.String(required=True, validate=validate.Length(1, 500))
    algorithm = fields.String(load_default="ES256", validate=validate.OneOf(ALGORITHMS))
    scopes = fields.List(fields.String(validate=TEXT), load_default=lambda: ["openid"])
    claims = fields.Dict(
        keys=fields.String(validate=validate.OneOf(CLAIMS)),
        values=fields.String(validate=TEXT), load_default=dict)
    origins = fields.List(fields.String(validate=_address), load_default=list)
    levels = fields.Dict(
        keys=fields.String(validate=TEXT), values=fields.String(validate=validate.OneOf(EVIDENCE_KINDS)),
        load_default=dict)
    acr_values = fields.List(fields.String(validate=TEXT), load_default=list)
    trusted_for_documents = fields.Boolean(load_default=False)
    registers = fields.Boolean(load_default=False)
    document_type = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 8))
    representative_roles = fields.List(fields.String(validate=TEXT), load_default=list)
    timeout_s = fields.Float(load_default=5.0, validate=validate.Range(0.1, 30))

    @validates("scopes")
    def _has_openid(self, value: list[str], **_: Any) -> None:
        if "openid" not in value:
            raise ValidationError("openid is missing; it is needed.")


class UpstreamProvidersField(fields.Dict):
    """Name → settings of a provider."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            keys=fields.String(validate=NAME), values=fields.Nested(ProviderSettings), load_default=dict, **more)


def providers_of(settings: Mapping[str, Any]) -> dict[str, tuple[ProviderPolicy, OpenIdSettings]]:
    """Policies and connections of validated settings. Raises OSError when a file of a secret cannot be read."""
    return {name: (_policy(name, given), _connection(given)) for name, given in settings.items()}


def _policy(name: str, given: Mapping[str, Any]) -> ProviderPolicy:
    return ProviderPolicy(
        name, given["title"], given["title_en"], given["levels"], given["trusted_for_documents"], given["registers"],
        given["document_type"], frozenset(given["representative_roles"]))


def _connection(given: Mapping[str, Any]) -> OpenIdSettings:
    return OpenIdSettings(
        issuer=given["issuer"], client_id=given["client_id"],
        client_secret=Path(given["client_secret_file"]).read_text(encoding="utf-8").strip(),
        algorithm=given["algorithm"], scopes=tuple(given["scopes"]), claims=given["claims"],
        origins=tuple(given["origins"]), timeout_s=given["timeout_s"], acr_values=tuple(given["acr_values"]))
