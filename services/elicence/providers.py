"""Composition root of elicence."""
from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.elicence.domain.policy import Policy
from services.elicence.transaction import SqlELicenceTransaction
from shared_components.bus import TransactionProvider, TransactionScope


class ELicenceSettings(Schema):
    """Section services.elicence of the configuration."""

    presentation_ttl_s = fields.Integer(load_default=60, validate=validate.Range(min=10, max=300), metadata={
        "allowed": "a whole number from 10 to 300", "meaning": "How long a code with which a licence is shown lives"})
    lenient_credit_codes = fields.Boolean(load_default=False, metadata={
        "allowed": "true or false", "meaning": "Ask of a credit code its form only, not its check character"})


class ELicenceProvider(TransactionProvider):
    settings_schema = ELicenceSettings

    def make(self, scope: TransactionScope) -> SqlELicenceTransaction:
        settings = scope.settings
        policy = Policy(
            presentation_ttl_s=settings["presentation_ttl_s"],
            lenient_credit_codes=settings["lenient_credit_codes"],
        )
        return SqlELicenceTransaction(scope, policy)
