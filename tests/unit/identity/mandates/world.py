"""A realm with persons and a company on a real database, and sessions that are admitted as the bus admits them."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from services.identity.mandates import schemas
from services.identity.mandates.domain.mandate import Mandate
from services.identity.mandates.domain.ports import OrganisationRegister
from services.identity.mandates.entrypoints import MandateEntrypoints
from services.identity.mandates.usecases import answer, appoint, read, representation, revoke
from services.identity.mandates.usecases.live import live_mandate, mandates_of_agent
from services.identity.mandates.usecases.views import MandateView
from services.identity.sandbox.authority import SandboxAuthority
from services.identity.sandbox.population import PERSONS
from services.identity.subjects import schemas as subject_schemas
from services.identity.subjects import usecases as subject_usecases
from shared_components.bus.server.process_copies import known_copies
from shared_components.contracts.registry import CONTRACT_ATTRIBUTE
from shared_components.db import ALL_TENANTS
from shared_components.db.feeds import read_feed
from shared_components.kernel.acting import Acting
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.method_rules import MethodRule
from shared_components.security.authority.admission import admit
from shared_components.security.authority.copies import KnownCopies, keep_copies
from tests.outcomes import one
from tests.unit.identity.worlds import SqlTransactions

REALM, DEPARTMENT, PORTAL = "city", "default", "app-portal"
COMPANY_CODE, COMPANY = "91330106MA2DEM0091", "杭州示范餐饮有限公司"
LIN, ZHANG, LI, WANG = (
    "33010619850615002X", "330106199003070014", "11010519491231002X", "320106196501010019")
SCOPES = frozenset({"mandate", "order", "licence", "case"})


def rule_of(method: str) -> MethodRule:
    rule: MethodRule = getattr(getattr(MandateEntrypoints, method), CONTRACT_ATTRIBUTE).rule
    return rule


class Mandates:
    """Calls use cases as their entrypoints do, for persons whose sessions are admitted by the copy of the feed.

    tenant: of the portal's department; the realm's own where nothing else is said.
    """

    def __init__(self, transactions: SqlTransactions, clock: FixedClock, tenant: str = REALM) -> None:
        self.transactions, self.clock, self.tenant = transactions, clock, tenant
        with transactions.begin("*") as tx:
            create_realm(tx, CreateRealm(REALM, "示范市", "数据局", DEPARTMENT), CallContext("operator", REALM))
        self.people = {number: self.register(number) for number in (LIN, ZHANG, LI, WANG)}

    def register(self, number: str, name: str | None = None) -> str:
        with self.transactions.begin(REALM) as tx:
            command = subject_schemas.RegisterPerson().load({"name": name or PERSONS[number], "id_number": number})
            return subject_usecases.register_person(tx, command, CallContext("operator", REALM)).subject_id

    def session(
        self, number: str, under: str | None = None, *, level: int = 3, scopes: frozenset[str] = SCOPES,
    ) -> Acting:
        """A person's session, or one under a mandate, as tokens are issued. Raises LookupError when it is not live."""
        subject = self.people[number]
        if under is None:
            return Acting(subject, f"ses_{number}", level=level, scopes=scopes)
        mandate = self.live(under, number)
        if mandate is None:
            raise LookupError(f"mandate {under} is not live for this agent")
        return Acting(subject, f"ses_{number}", level=level, scopes=scopes, mandate=mandate.for_session(scopes),
                      principal=mandate.principal_id)

    def live(self, mandate_id: str, number: str) -> Mandate | None:
        with self.transactions.begin(REALM) as tx:
            return live_mandate(tx, mandate_id, self.people[number], self.clock.now())

    def held(self, number: str) -> list[Mandate]:
        with self.transactions.begin(REALM) as tx:
            return mandates_of_agent(tx, self.people[number], self.clock.now())

    def copies(self) -> KnownCopies:
        """The copies that services have by the feed."""
        with self.transactions.database.transaction(ALL_TENANTS) as session:
            entries = read_feed(session, "directory", "elicence", 0, "").entries
        data = {(entry.kind, entry.key): entry.data for entry in entries}
        known = known_copies({key: said for key, said in data.items() if said is not None})
        return KnownCopies(**{**{name: getattr(known, name) for name in known.__slots__}, "portals": {PORTAL}})

    def context(
        self, acting: Acting | None, method: str, *, caller: str = PORTAL, tenant: str | None = None,
    ) -> CallContext:
        """A context that was admitted. Raises what authority raises."""
        rule, tenant = rule_of(method), tenant or self.tenant
        keep_copies(self.copies())
        context = CallContext(caller, tenant, op_id="op-1", acting=acting, rule=rule, department=tenant)
        admit(context, rule, self.copies())
        return context

    def run(self, usecase: Callable[..., Any], schema: Any, acting: Acting | None, /, *, method: str | None = None,
            caller: str = PORTAL, **data: Any) -> Any:
        context = self.context(acting, method or usecase.__name__, caller=caller)
        with self.transactions.begin(self.tenant) as tx:
            return usecase(tx, schema().load(data), context)

    def appoint(self, acting: Acting, agent: str, **more: Any) -> MandateView:
        view: MandateView = self.run(appoint.appoint_agent, schemas.AppointAgent, acting, **{
            "agent_name": PERSONS.get(agent), "agent_id_number": agent, "scopes": ["order"], **more})
        return view

    def accept(self, number: str, mandate_id: str) -> MandateView:
        view: MandateView = self.run(
            answer.accept_mandate, schemas.ByMandate, self.session(number), mandate_id=mandate_id)
        return view

    def refuse(self, number: str, mandate_id: str) -> MandateView:
        view: MandateView = self.run(
            answer.refuse_mandate, schemas.ByMandate, self.session(number), mandate_id=mandate_id)
        return view

    def revoke(self, acting: Acting, mandate_id: str) -> MandateView:
        view: MandateView = self.run(revoke.revoke_mandate, schemas.ByMandate, acting, mandate_id=mandate_id)
        return view

    def get(self, acting: Acting, mandate_id: str, *, caller: str = PORTAL) -> MandateView:
        context = self.context(acting, "get_mandate", caller=caller, tenant=DEPARTMENT)
        with self.transactions.begin(DEPARTMENT) as tx:
            return one(read.get_mandates(tx, [Call(answer.ByMandate(mandate_id), context)]))

    def listed(self, acting: Acting, direction: str, **more: Any) -> list[str]:
        page = self.run(read.list_mandates, schemas.ListMandates, acting, direction=direction, **more)
        return [item.mandate_id for item in page.items]

    def history(self, acting: Acting, mandate_id: str) -> list[str]:
        page = self.run(
            read.list_mandate_changes, schemas.ListMandateChanges, acting, mandate_id=mandate_id)
        return [item.what for item in page.items]

    def prove(
        self, number: str, code: str = COMPANY_CODE, name: str = COMPANY, register: OrganisationRegister | None = None,
    ) -> MandateView:
        context = self.context(self.session(number), "prove_representation")
        return representation.prove_representation(
            self.transactions, register or SandboxAuthority(), representation.ProveRepresentation(code, name), context)

    def granted(self, principal: str, agent: str, **more: Any) -> str:
        """The id of a mandate that a person gave and the other one accepted."""
        mandate_id = self.appoint(self.session(principal), agent, **more).mandate_id
        self.accept(agent, mandate_id)
        return mandate_id

    def today(self) -> date:
        return self.clock.now().date()
