"""The contract of cases."""
from services.matter.cases.schemas.applying import CaseId, SaveForm, StartCase, SubmitCase
from services.matter.cases.schemas.cases import Case, Cases, CaseSummary, ListCases, RetryStep
from services.matter.cases.schemas.events import CaseEvent, StepDue

__all__ = [
    "Case",
    "CaseEvent",
    "CaseId",
    "CaseSummary",
    "Cases",
    "ListCases",
    "RetryStep",
    "SaveForm",
    "StartCase",
    "StepDue",
    "SubmitCase",
]
