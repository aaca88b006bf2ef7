"""Composition root of elicence."""
from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.elicence.adapters import SqlELicenceUnit
from services.elicence.domain.policy import Policy
from shared_components.bus import UnitOfWorkProvider, UnitScope


class ELicenceSettings(Schema):
    """Section services.elicence of the configuration."""

    presentation_ttl_s = fields.Integer(load_default=60, validate=validate.Range(min=10, max=300), metadata={
        "allowed": "a whole number from 10 to 300", "meaning": "How long a code with which a licence is shown lives"})
    lenient_credit_codes = fields.Boolean(load_default=False, metadata={
        "allowed": "true or false", "meaning": "Ask of a credit code its form only, not its check character"})


class ELicenceProvider(UnitOfWorkProvider):
    settings_schema = ELicenceSettings

    def make(self, scope: UnitScope) -> SqlELicenceUnit:
        settings = scope.settings
        policy = Policy(
            presentation_ttl_s=settings["presentation_ttl_s"],
            lenient_credit_codes=settings["lenient_credit_codes"],
        )
        return SqlELicenceUnit(scope, policy)
