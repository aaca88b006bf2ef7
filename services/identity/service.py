"""Entrypoints of identity: each calls one use case."""
from __future__ import annotations

from typing import Any

import structlog

from services.identity import schemas, usecases
from services.identity.domain import errors, states, subject
from services.identity.domain.ports import Authority, IdentityUnit
from services.identity.providers import IdentityProvider
from shared_components.bus import Call, Units, rpc_method
from shared_components.contracts import EventContract
from shared_components.kernel.numbers import NumberError
from shared_components.kernel.states import IllegalTransition

log = structlog.get_logger(__name__)

EVERYBODY = ["gateway", "matter", "app", "operator"]
REGISTER_ERRORS = [errors.NameInvalid, errors.AlreadyRegistered, NumberError]
DOCUMENT_ERRORS = [errors.IdTypeUnknown, errors.DocumentNumberInvalid, NumberError]
EVIDENCE_ERRORS = [
    errors.SubjectNotFound, errors.SubjectNotActive, errors.EvidenceRefused, errors.EvidenceNotAllowed,
    errors.AuthorityUnavailable,
]
STATE_ERRORS = [errors.SubjectNotFound, IllegalTransition]


class IdentityService:
    """Knows persons and organisations, and how surely each is who they say."""

    name = "identity"
    contract_version = "2.0"
    emits = (
        EventContract(subject.REGISTERED, schemas.SubjectRegistered, summary="A person or organisation registered."),
        EventContract(subject.LEVEL_RAISED, schemas.LevelRaised, summary="Evidence raised a subject's level."),
        EventContract(states.STATE_CHANGED, schemas.SubjectStateChanged, summary="A subject was frozen or closed."),
    )
    unit = IdentityProvider()

    @rpc_method(
        request=schemas.RegisterPerson, reply=schemas.Subject, errors=[*REGISTER_ERRORS, *DOCUMENT_ERRORS],
        callers=EVERYBODY, mutating=True, public=True,
    )
    def register_person(self, unit: IdentityUnit, call: Call) -> dict[str, Any]:
        """Register a person with an identity document; the level is 1."""
        return usecases.register_person(unit, call)

    @rpc_method(
        request=schemas.RegisterOrganisation, reply=schemas.Subject, errors=REGISTER_ERRORS,
        callers=EVERYBODY, mutating=True, public=True,
    )
    def register_organisation(self, unit: IdentityUnit, call: Call) -> dict[str, Any]:
        """Register an organisation with its unified social credit code; the level is 1."""
        return usecases.register_organisation(unit, call)

    @rpc_method(
        request=schemas.BySubject, reply=schemas.Subject, errors=[errors.SubjectNotFound],
        callers=EVERYBODY, public=True,
    )
    def get_subject(self, unit: IdentityUnit, call: Call) -> dict[str, Any]:
        """A subject with its personal fields masked."""
        return usecases.get_subject(unit, call)

    @rpc_method(
        request=schemas.ForCase, reply=schemas.CaseSubject,
        errors=[errors.SubjectNotFound, errors.SubjectNotActive], callers=["matter"],
    )
    def get_subject_for_case(self, unit: IdentityUnit, call: Call) -> dict[str, Any]:
        """A subject with its personal fields as they are, for a case it has started."""
        reply = usecases.get_subject_for_case(unit, call)
        log.info("identity.subject.disclosed", subject_id=call.data["subject_id"], purpose=call.data["purpose"],
                 caller=call.context.caller)
        return reply

    @rpc_method(
        request=schemas.FindSubject, reply=schemas.Subject, errors=[errors.SubjectNotFound, *DOCUMENT_ERRORS],
        callers=["matter", "operator"],
    )
    def find_subject(self, unit: IdentityUnit, call: Call) -> dict[str, Any]:
        """A subject by its document, masked. Not for apps: it tells who is registered."""
        return usecases.find_subject(unit, call)

    @rpc_method(
        request=schemas.AddEvidence, reply=schemas.Subject, errors=EVIDENCE_ERRORS,
        callers=EVERYBODY, mutating=True, own_transactions=True, public=True,
    )
    def add_evidence(self, units: Units, call: Call) -> dict[str, Any]:
        """Have an authority confirm a subject, which may raise its level."""
        authority: Authority = units.provider.authority
        return usecases.add_evidence(units, authority, call)

    @rpc_method(
        request=schemas.ListEvidence, reply=schemas.EvidencePage, errors=[errors.SubjectNotFound],
        callers=EVERYBODY, public=True,
    )
    def list_evidence(self, unit: IdentityUnit, call: Call) -> dict[str, Any]:
        """What authorities confirmed about a subject, newest first."""
        return usecases.list_evidence(unit, call)

    @rpc_method(
        request=schemas.ListLevels, reply=schemas.Levels, errors=[errors.JurisdictionUnknown],
        callers=EVERYBODY, public=True,
    )
    def list_levels(self, unit: IdentityUnit, call: Call) -> dict[str, Any]:
        """The assurance levels of a jurisdiction and the evidence that each needs."""
        return usecases.list_levels(unit, call)

    @rpc_method(
        request=schemas.ChangeState, reply=schemas.Subject, errors=STATE_ERRORS, callers=["operator"], mutating=True,
    )
    def freeze_subject(self, unit: IdentityUnit, call: Call) -> dict[str, Any]:
        """Freeze a subject for a time: it can do nothing, and its data goes to no case."""
        return usecases.change_state(unit, call, states.FROZEN)

    @rpc_method(
        request=schemas.ChangeState, reply=schemas.Subject, errors=STATE_ERRORS, callers=["operator"], mutating=True,
    )
    def unfreeze_subject(self, unit: IdentityUnit, call: Call) -> dict[str, Any]:
        """Make a frozen subject active again."""
        return usecases.change_state(unit, call, states.ACTIVE)

    @rpc_method(
        request=schemas.ChangeState, reply=schemas.Subject, errors=STATE_ERRORS, callers=["operator"], mutating=True,
    )
    def close_subject(self, unit: IdentityUnit, call: Call) -> dict[str, Any]:
        """Close a subject; this is final."""
        return usecases.change_state(unit, call, states.CLOSED)
