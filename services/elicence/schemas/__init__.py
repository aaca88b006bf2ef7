"""The contract with the world."""
from services.elicence.schemas.catalogue import FieldRule, LicenceType, LicenceTypes, ListTypes, PutType
from services.elicence.schemas.events import LicenceIssued, LicenceStateChanged, LicenceSuperseded
from services.elicence.schemas.licences import ChangeState, Get, Issue, Licence, Licences, ListByHolder
from services.elicence.schemas.showing import Check, Present, Presented, Verdict, VerifiedLicence, Verify

__all__ = [
    "ChangeState",
    "Check",
    "FieldRule",
    "Get",
    "Issue",
    "Licence",
    "LicenceIssued",
    "LicenceStateChanged",
    "LicenceSuperseded",
    "LicenceType",
    "LicenceTypes",
    "Licences",
    "ListByHolder",
    "ListTypes",
    "Present",
    "Presented",
    "PutType",
    "Verdict",
    "VerifiedLicence",
    "Verify",
]
