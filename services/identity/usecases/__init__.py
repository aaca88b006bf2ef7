"""One function a command or query. They are given a transaction and never commit."""
from services.identity.usecases.evidence import add_evidence
from services.identity.usecases.read import (
    find_subject,
    get_subject,
    get_subject_for_case,
    list_evidence,
    list_levels,
)
from services.identity.usecases.register import register_organisation, register_person
from services.identity.usecases.states import change_state

__all__ = [
    "add_evidence", "change_state", "find_subject", "get_subject", "get_subject_for_case", "list_evidence",
    "list_levels", "register_organisation", "register_person",
]
