"""The contract with the world."""
from services.matter.schemas.applying import CaseId, ChooseChannel, ChosenChannel, SaveForm, StartCase, SubmitCase
from services.matter.schemas.callbacks import CallbackTaken, ReceiveCallback
from services.matter.schemas.cases import Case, Cases, CaseSummary, ListCases, RetryStep
from services.matter.schemas.events import CaseEvent, StepDue
from services.matter.schemas.matters import (
    Bootstrap,
    Bootstrapped,
    GetGuide,
    Guide,
    ListMatters,
    Matters,
    PublishDefinition,
    PublishedMatter,
)
from services.matter.schemas.settings import MatterSettings

__all__ = [
    "Bootstrap",
    "Bootstrapped",
    "CallbackTaken",
    "Case",
    "CaseEvent",
    "CaseId",
    "CaseSummary",
    "Cases",
    "ChooseChannel",
    "ChosenChannel",
    "GetGuide",
    "Guide",
    "ListCases",
    "ListMatters",
    "MatterSettings",
    "Matters",
    "PublishDefinition",
    "PublishedMatter",
    "ReceiveCallback",
    "RetryStep",
    "SaveForm",
    "StartCase",
    "StepDue",
    "SubmitCase",
]
