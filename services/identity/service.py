"""The service class: name, version, events, and one mixin a topic."""
from __future__ import annotations

from services.identity.providers import IdentityProvider
from services.identity.subjects.entrypoints import SubjectEntrypoints
from services.identity.subjects.schemas import EVENTS as SUBJECT_EVENTS


class IdentityService(SubjectEntrypoints):
    """Knows persons and organisations, and how surely each is who they say."""

    name = "identity"
    summary_zh = "登记自然人和组织，并掌握其身份核验到何种程度。"
    contract_version = "2.0"
    tickets = ("gateway", "matter")
    emits = SUBJECT_EVENTS
    transactions = IdentityProvider()
