"""One function a command or query. They are given a transaction and never commit."""
from services.elicence.usecases.catalogue import list_types, put_type
from services.elicence.usecases.change import change_state
from services.elicence.usecases.expire import expire_ended, purge_presentations
from services.elicence.usecases.issue import issue_licences
from services.elicence.usecases.present import present_licence
from services.elicence.usecases.read import get_licence, list_by_holder
from services.elicence.usecases.verify import verify_licences

__all__ = [
    "change_state",
    "expire_ended",
    "get_licence",
    "issue_licences",
    "list_by_holder",
    "list_types",
    "present_licence",
    "purge_presentations",
    "put_type",
    "verify_licences",
]
