"""Requests, replies and events of the directory."""
from services.identity.directory.schemas.apps import (
    App,
    AppPage,
    ByApp,
    ChangeApp,
    DecideProduction,
    IssueAppKey,
    IssuedKey,
    ListApps,
    RegisterApp,
    RequestProduction,
    RevokeAppKey,
)
from services.identity.directory.schemas.departments import (
    AddDepartment,
    ByDepartment,
    ChangeCreditCode,
    ChangePage,
    CloseDepartment,
    Department,
    DepartmentPage,
    ListChanges,
    ListDepartments,
    MergeDepartment,
    MoveDepartment,
    OwnedTenants,
    RenameDepartment,
)
from services.identity.directory.schemas.events import EVENTS
from services.identity.directory.schemas.memberships import (
    AddMembership,
    EndMembership,
    ListMemberships,
    Membership,
    MembershipPage,
)

__all__ = [
    "EVENTS", "AddDepartment", "AddMembership", "App", "AppPage", "ByApp", "ByDepartment",
    "ChangeApp", "ChangeCreditCode", "ChangePage", "CloseDepartment", "DecideProduction", "Department",
    "DepartmentPage", "EndMembership", "IssueAppKey", "IssuedKey", "ListApps", "ListChanges",
    "ListDepartments", "ListMemberships", "Membership", "MembershipPage", "MergeDepartment", "MoveDepartment",
    "OwnedTenants", "RegisterApp", "RenameDepartment", "RequestProduction", "RevokeAppKey",
]
