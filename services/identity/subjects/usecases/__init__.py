"""One function a command or query. They are given a transaction and never commit."""
from services.identity.subjects.usecases.evidence import AddEvidence, add_evidence
from services.identity.subjects.usecases.history import ListSubjectChanges, list_subject_changes
from services.identity.subjects.usecases.merge import (
    DecideMerge,
    ListMerges,
    MergeSubjects,
    confirm_merge,
    list_merges,
    merge_subjects,
    refuse_merge,
)
from services.identity.subjects.usecases.read import (
    FindSubject,
    GetSubject,
    GetSubjectForCase,
    ListEvidence,
    ListLevels,
    find_subject,
    get_subjects,
    get_subjects_for_cases,
    list_evidence,
    list_levels,
)
from services.identity.subjects.usecases.register import (
    RegisterOrganisation,
    RegisterPerson,
    register_organisation,
    register_person,
)
from services.identity.subjects.usecases.states import ChangeState, change_state

__all__ = [
    "AddEvidence", "ChangeState", "DecideMerge", "FindSubject", "GetSubject", "GetSubjectForCase", "ListEvidence",
    "ListLevels", "ListMerges", "ListSubjectChanges", "MergeSubjects", "RegisterOrganisation", "RegisterPerson",
    "add_evidence", "change_state", "confirm_merge", "find_subject", "get_subjects", "get_subjects_for_cases",
    "list_evidence", "list_levels", "list_merges", "list_subject_changes", "merge_subjects", "refuse_merge",
    "register_organisation", "register_person",
]
