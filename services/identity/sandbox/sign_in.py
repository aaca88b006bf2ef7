"""Persons, companies and officers of the sandbox to sign in as: invented, with one documented password."""
from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.identity.credentials.adapters.argon2 import Argon2Hasher
from services.identity.credentials.domain import credential
from services.identity.credentials.usecases.contacts import learn_contacts
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from services.identity.directory.usecases.departments import AddDepartment, add_department
from services.identity.directory.usecases.memberships import AddMembership, add_membership
from services.identity.mandates.usecases.appoint import AppointAgent, appoint_agent
from services.identity.mandates.usecases.records import ACCEPTED, record_change
from services.identity.mandates.usecases.representation import ProveRepresentation, prove_representation
from services.identity.sandbox.authority import SandboxAuthority
from services.identity.sandbox.population import ORGANISATIONS, PERSONS, REPRESENTATIVES
from services.identity.subjects.domain.documents import RESIDENT_ID
from services.identity.subjects.usecases.register import RegisterPerson, register_person
from shared_components.bus import RealThreads
from shared_components.kernel.acting import Acting, Mandate
from shared_components.kernel.calls import CallContext
from shared_components.kernel.ids import new_id

if TYPE_CHECKING:
    from services.identity.commands.transactions import IdentityTransactions

PASSWORD = "sandbox sign-in 2026"  # noqa: S105 -- documented: it opens the sandbox of a development platform
DEPARTMENT, DEPARTMENT_CODE = "示范市公安局交通警察支队", "TRAFFIC"
COMPANY = "91330106MA2DEM0091"
CITIZENS = ("33010619850615002X", "330106199003070014", "320106196501010019")
OFFICERS = {"11010519491231002X": "handler", "330106195501010016": "approver"}
"""Document number → role in the department."""
AGENT = "330106199003070014"
SCOPES = ("case", "licence", "message", "order", "receipt")


@dataclass(frozen=True, slots=True)
class Entry:
    """One person to sign in as. acts_for: companies, as a representative or an agent. post: department and role."""

    number: str
    name: str
    email: str
    subject_id: str
    acts_for: tuple[str, ...] = ()
    post: str | None = None


def email_of(number: str) -> str:
    """The address whose mail the sandbox keeps."""
    return f"{number.lower()}@citizen.example"


def prepare(transactions: IdentityTransactions) -> list[Entry]:
    """Make what is not there yet: the realm, the department, persons with the password, a company and its agent."""
    with transactions.begin_in_all() as tx:
        population = _realm(tx, transactions.context)
        department = _department(tx, transactions.context)
        there = {number: _person(tx, population, number) for number in (*CITIZENS, *OFFICERS)}
        for number, role in OFFICERS.items():
            _officer(tx, transactions.context, department, there[number], role)
        _company(tx, population, there)
    return [_entry(number, subject_id) for number, subject_id in there.items()]


def _realm(tx: Any, context: CallContext) -> str:
    """The tenant of the sandbox's population."""
    realm = tx.realms.get(context.tenant)
    if realm is None:
        realm = create_realm(tx, CreateRealm(context.tenant, "示范市", "数据局"), context)
    sandbox: str = realm.sandbox_tenant
    return sandbox


def _department(tx: Any, context: CallContext) -> str:
    found = tx.departments.find(context.tenant, code=DEPARTMENT_CODE)
    if found is None:
        found = add_department(tx, AddDepartment(DEPARTMENT, code=DEPARTMENT_CODE), context)
    department_id: str = found.department_id
    return department_id


def _person(tx: Any, population: str, number: str) -> str:
    found = tx.subjects.find(population, RESIDENT_ID, number)
    if found is not None:
        subject_id: str = found.subject_id
        return subject_id
    made = register_person(
        tx, RegisterPerson(PERSONS[number], RESIDENT_ID, number, "zh-CN", email=email_of(number)),
        CallContext("operator", population))
    learn_contacts(tx, population, made.subject_id)
    now, hasher = tx.clock.now(), Argon2Hasher(RealThreads(1, waiting=0), at_once=1)
    tx.credentials.add([credential.Credential(
        new_id("crd"), population, made.subject_id, credential.PASSWORD, now, now, hasher.hash(PASSWORD))])
    return made.subject_id


def _officer(tx: Any, context: CallContext, department: str, subject_id: str, role: str) -> None:
    if not tx.memberships.active(context.tenant, department_id=department, subject_id=subject_id):
        add_membership(tx, AddMembership(department, subject_id, [role]), context)


def _company(tx: Any, population: str, there: dict[str, str]) -> None:
    """Let the company's representative appoint an agent, who accepts."""
    representative, agent = there[REPRESENTATIVES[COMPANY]], there[AGENT]
    if tx.mandates.active_of_agent(agent):
        return
    context = _acting(population, representative)
    own = prove_representation(
        _Inside(tx), SandboxAuthority(), ProveRepresentation(COMPANY, ORGANISATIONS[COMPANY]), context)
    mandate = Mandate(own.mandate_id, frozenset({"*"}))
    appointed = appoint_agent(
        tx, AppointAgent(PERSONS[AGENT], AGENT, SCOPES),
        _acting(population, representative, mandate=mandate, principal=own.principal_id))
    proposed = tx.mandates.lock(appointed.mandate_id)
    record_change(tx, proposed, proposed.accepted(agent), ACCEPTED, _acting(population, agent))


def _acting(population: str, subject_id: str, **more: Any) -> CallContext:
    acting = Acting(subject_id, "ses_sandbox", level=3, scopes=frozenset({"mandate"}), **more)
    return CallContext("operator", population, op_id=new_id("op"), acting=acting)


class _Inside:
    """Satisfies Begins inside a transaction that is open already."""

    def __init__(self, tx: Any) -> None:
        self._tx = tx

    def begin(self, tenant: str) -> Any:
        return nullcontext(self._tx)


def _entry(number: str, subject_id: str) -> Entry:
    acts_for: Sequence[str] = [ORGANISATIONS[COMPANY]] if number in (REPRESENTATIVES[COMPANY], AGENT) else []
    post = f"{DEPARTMENT} ({OFFICERS[number]})" if number in OFFICERS else None
    return Entry(number, PERSONS[number], email_of(number), subject_id, tuple(acts_for), post)
