"""One function a command or query. They are given a transaction and never commit."""
from services.elicence.usecases.catalogue import ListTypes, PutType, list_types, put_type
from services.elicence.usecases.change import ChangeState, change_states
from services.elicence.usecases.issue import IssueLicence, issue_licences
from services.elicence.usecases.present import PresentLicence, present_licences
from services.elicence.usecases.read import GetLicence, ListByHolder, get_licences, list_by_holder
from services.elicence.usecases.scheduled import expire_ended, purge_presentations
from services.elicence.usecases.verify import VerifyLicence, verify_licences

__all__ = [
    "ChangeState", "GetLicence", "IssueLicence", "ListByHolder", "ListTypes", "PresentLicence", "PutType",
    "VerifyLicence", "change_states", "expire_ended", "get_licences", "issue_licences", "list_by_holder", "list_types",
    "present_licences", "purge_presentations", "put_type", "verify_licences",
]
