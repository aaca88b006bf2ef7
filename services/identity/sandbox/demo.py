"""The directory of the demonstration: a realm, its department, and an app that is approved for production."""
from __future__ import annotations

from typing import TYPE_CHECKING

from services.identity.directory.domain.realm import PRODUCTION
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from services.identity.directory.usecases.issue_key import IssueAppKey, issue_app_key
from services.identity.directory.usecases.memberships import AddMembership, add_membership
from services.identity.directory.usecases.production import (
    DecideProduction,
    RequestProduction,
    decide_production,
    request_production,
)
from services.identity.directory.usecases.register_app import RegisterApp, register_app
from services.identity.sandbox.population import PERSONS
from services.identity.subjects.domain.documents import RESIDENT_ID
from services.identity.subjects.usecases.register import RegisterPerson, register_person

if TYPE_CHECKING:
    from services.identity.commands.transactions import IdentityTransactions

ASKS, DECIDES = "11010519491231002X", "330106195501010016"
"""Document numbers of the two officers: who asks does not approve."""


def prepare_demo(
    transactions: IdentityTransactions, *, department: str, tenant: str, app: str, title: str, redirect_uri: str,
) -> str:
    """Give the app's production key. tenant: of the department, whose data the app works on."""
    context = transactions.context
    with transactions.begin_in_all() as tx:
        owner = create_realm(tx, CreateRealm(context.tenant, "示范市", department, tenant), context).department_id
        assert owner is not None
        register_app(tx, RegisterApp(app=app, title=title, department_id=owner, redirect_uris=(redirect_uri,)), context)
        asking, deciding = (
            register_person(tx, RegisterPerson(PERSONS[number], RESIDENT_ID, number, "zh-CN"), context).subject_id
            for number in (ASKS, DECIDES))
        add_membership(tx, AddMembership(owner, deciding, ["approver"]), context)
        request_production(tx, RequestProduction(app, asking), context)
        decide_production(tx, DecideProduction(app, deciding, True, "接口已核对"), context)
        return issue_app_key(tx, IssueAppKey(app, PRODUCTION), context).key
