"""One function a command or query. They are given a transaction and never commit."""
from services.elicence.usecases.catalogue import ListTypes, PutType, list_types, put_type
from services.elicence.usecases.change import ChangeState, change_state
from services.elicence.usecases.expire import expire_ended, purge_presentations
from services.elicence.usecases.issue import IssueLicence, issue_licences
from services.elicence.usecases.present import PresentLicence, present_licence
from services.elicence.usecases.read import GetLicence, ListByHolder, get_licence, list_by_holder
from services.elicence.usecases.verify import VerifyLicence, verify_licences

__all__ = [
    "ChangeState", "GetLicence", "IssueLicence", "ListByHolder", "ListTypes", "PresentLicence", "PutType",
    "VerifyLicence", "change_state", "expire_ended", "get_licence", "issue_licences", "list_by_holder", "list_types",
    "present_licence", "purge_presentations", "put_type", "verify_licences",
]
