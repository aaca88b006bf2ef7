"""Two departments and two subjects: every method with every id of another's things, in shared coalesced messages.

Arguments: broker URL, database URL, folder, walls that are off (`permits`, `admission`, `row-security`, with commas).
Prints what was seen as a line of JSON.
"""
from __future__ import annotations

from tests.unit.matter.bus_story import SERVICES, World, wait  # isort: skip  -- patches the process

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any
from unittest import mock

from sqlalchemy import create_engine, select, text

from services.matter.publishing.adapters.shipped import seed
from shared_components.bus.client.blocking import BusClient
from shared_components.bus.server import rpc_batch
from shared_components.bus.server.process_copies import APP, DIRECTORY
from shared_components.contracts.registry import MethodContract, ServiceContract
from shared_components.db import ALL_TENANTS, Database, load_many
from shared_components.db.feeds.tables import copied
from shared_components.evidence_log import tables
from shared_components.evidence_log.records import EvidenceRecord
from shared_components.kernel.acting import OFFICER, Acting, Ticket
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.kernel.numbers import complete_resident_id
from shared_components.runtime.discovery import contract_of, service_names
from shared_components.security.authority.permits import Permit
from shared_components.security.proofs.access_tokens import AccessTokenSigner
from shared_components.security.proofs.key_folder import KeyFolder
from shared_components.security.proofs.tickets import TicketSigner
from tests.cases.apps_made import MAKES
from tests.cases.apps_story import MORE, PERSON, Ids, own_things, put_in_directory
from tests.cases.portal_reads import AT_A_PORTAL

DEPARTMENT, OTHER, PORTAL, OWNER = "default", "tax", "app-portal", "owner"
SECOND_PERSON, APPROVER = "320106196501010019", "11010519491231002X"
SCOPES = frozenset({"case", "credential", "licence", "mandate", "message", "order", "personal-information", "receipt",
                    "subject"})
TIMEOUT_S = 20.0
STALE = "unavailable/db.feed-stale"
REFUSED = ("not-found/", "forbidden/", "conflict/")
ENOUGH: Mapping[str, dict[str, Any]] = {
    **MORE,
    "elicence.present": {"purpose": "住宿登记"},
    "elicence.verify": {"purpose": "住宿登记"},
    "identity.add_evidence": {"kind": "name-number-match"},
    "identity.decide_personal_request": {"grant": False, "reason": "x"},
    "identity.read_feed": {"from_n": 0, "digest": ""},
}


@dataclass(frozen=True)
class Actor:
    """app of a department, and who acts; nobody: the app alone."""

    app: str
    department: str
    acting: Acting | None = None


@dataclass
class Story:
    world: World
    ids: Ids
    subjects: tuple[str, str]
    tickets: TicketSigner
    login: AccessTokenSigner
    broker_url: str
    batches: list[int] = field(default_factory=list)

    def context(self, actor: Actor) -> dict[str, str]:
        """The context with which the gateway passes on a call of the actor."""
        given = {"for_app": actor.app, "tenant": actor.department}
        if actor.acting is not None:
            given |= {"version": "2", "ticket": self._ticket(actor, actor.acting)}
        return given

    def client(self, actor: Actor) -> Any:
        return self.world.gateway.with_context(None, **self.context(actor))

    def _ticket(self, actor: Actor, acting: Acting) -> Ticket:
        services = [name for name in service_names() if name != "gateway"]
        return self.tickets.sign(
            acting, app=actor.app, department=actor.department, audience=services, at=datetime.now(UTC))

    def token(self, subject: str, app: str) -> str:
        return self.login.sign(citizen(subject), app=app, at=datetime.now(UTC))

    def strangers(self) -> dict[str, Actor]:
        """Callers who may see nothing of the first subject's things."""
        first, second = (citizen(subject) for subject in self.subjects)
        return {
            "the same app for another citizen": Actor("app-a", DEPARTMENT, second),
            "an app of another department": Actor("app-t", OTHER),
            "it for the citizen without consent": Actor("app-t", OTHER, first),
            "it for another citizen": Actor("app-t", OTHER, second),
            "it for its officer": Actor("app-t", OTHER, officer(OTHER)),
            "the same app for another department's officer": Actor("app-a", DEPARTMENT, officer(OTHER)),
            "a portal for another citizen": Actor(PORTAL, "realm", second),
            "a portal alone": Actor(PORTAL, "realm"),
        }


def citizen(subject: str) -> Acting:
    return Acting(subject, f"ses_{subject}", level=3, scopes=SCOPES)


def officer(department: str) -> Acting:
    return Acting("sub_officer", "ses_officer", OFFICER, 3, SCOPES, frozenset({"handler", "approver"}), department)


def every_method() -> Iterator[tuple[str, ServiceContract, MethodContract]]:
    for name in service_names():
        if name != "gateway":
            contract = contract_of(name)
            for method in contract.methods.values():
                yield f"{name}.{method.name}", contract, method


def requests(target: str, contract: ServiceContract, method: MethodContract, ids: Ids) -> list[dict[str, Any]]:
    """Each id in each field of its kind; and none, for a list."""
    fields = method.request().fields
    more = dict(ENOUGH.get(target, {}))
    if "holder_subject" in fields and fields["holder_subject"].required:
        more["holder_subject"] = ids["holder_subject"][0]
    named = [name for name in fields if name in ids and (name != "app" or contract.service == "identity")]
    found = [{**more, name: value} for name in named for value in ids[name]]
    return found + ([more] if not any(field.required for field in fields.values()) else [])


def is_open(method: MethodContract) -> bool:
    """Anybody may use it: it shows a catalogue, or what a code or a number opens."""
    return method.rule is not None and "public" in method.rule.basis


def outcome(client: Any, target: str, request: dict[str, Any]) -> str:
    service, _, name = target.partition(".")
    until = monotonic() + TIMEOUT_S
    while True:
        try:
            return json.dumps(getattr(getattr(client, service), name)(**request), ensure_ascii=False)
        except AppError as error:
            said = f"{error.category}/{error.code}"
        if said != STALE or monotonic() > until:
            return said
        sleep(0.2)


def cross(story: Story) -> tuple[set[str], list[str], int]:
    """(methods that were reached, what came through, calls); a message holds the calls of all actors."""
    # What a stranger names in the request itself is no secret.
    secrets = {f'"{value}"' for name, values in story.ids.items()
               if "subject" not in name and name not in ("app", "reference") for value in values}
    secrets |= {"words-of-a", "甲的模板"}
    contexts = {name: story.context(actor) for name, actor in story.strangers().items()}
    strangers = list(contexts)
    owners = {False: story.context(Actor("app-a", DEPARTMENT)),
              True: story.context(Actor("app-a", DEPARTMENT, citizen(story.subjects[0])))}
    through: list[str] = []
    reached: dict[str, bool] = {}
    count = 0
    for target, contract, method in every_method():
        if target in MAKES or is_open(method):
            continue
        found = requests(target, contract, method, story.ids)
        contexts[OWNER] = owners[method.rule is not None and method.rule.as_subject]
        # The owner reads beside them, so that the group's reach holds the rows.
        callers = strangers if method.mutating else [OWNER, *strangers]
        asked = [(name, request) for request in found for name in callers]
        answers = ask_together(
            story.world.gateway, target, [(request, contexts[name]) for name, request in asked]) if asked else []
        for (name, request), answer in zip(asked, answers, strict=True):
            reached[target] = reached.get(target, False) or not answer.startswith("invalid-input/")
            if name != OWNER and not _is_harmless(answer, request, secrets):
                through.append(f"{name}: {target} {sorted(request)}: {answer[:160]}")
        count += len(asked)
    return {target for target, there in reached.items() if there}, sorted(set(through)), count


def ask_together(client: BusClient, target: str, asked: Sequence[tuple[dict[str, Any], dict[str, str]]]) -> list[str]:
    """Send calls with their contexts in one coalesced message, and give their outcomes.

    On a busy machine the copy of the directory may be stale: such an outcome proves nothing, so all are sent again.
    """
    until = monotonic() + TIMEOUT_S
    while STALE in (answers := _ask_once(client, target, asked)) and monotonic() < until:
        sleep(0.2)
    return answers


def _ask_once(client: BusClient, target: str, asked: Sequence[tuple[dict[str, Any], dict[str, str]]]) -> list[str]:
    service, _, method = target.partition(".")
    deadline_s = time() + TIMEOUT_S
    slots = [client._waiting.slot() for _ in asked]
    attempts = [
        client._pending.prepare(
            service, method, request, op_id=new_id("op"), deadline_s=deadline_s,
            context={**client._base_context, **context}, settle=slot.settle)
        for slot, (request, context) in zip(slots, asked, strict=True)]
    for attempt in attempts:
        client._pending.add(attempt)
    client._work.set()
    return [_settled(slot) for slot in slots]


def _settled(slot: Any) -> str:
    assert slot.wait(monotonic() + TIMEOUT_S), "no reply"
    if slot.error is not None:
        return f"{slot.error.category}/{slot.error.code}"
    return json.dumps(slot.result, ensure_ascii=False)


def _is_harmless(answer: str, request: dict[str, Any], secrets: set[str]) -> bool:
    if any(secret in answer for secret in secrets if secret.strip('"') not in request.values()):
        return False
    if answer.startswith((*REFUSED, "invalid-input/")):
        return True
    return answer.startswith("{") and ('"items": []' in answer or not request)


def allowed(story: Story) -> dict[str, bool]:
    """Name the reads of citizen, portal and officer that must work: without them the story would prove little."""
    first = citizen(story.subjects[0])
    own, portal = story.client(Actor("app-a", DEPARTMENT, first)), story.client(Actor(PORTAL, "realm", first))
    clerk = story.client(Actor("app-a", DEPARTMENT, officer(DEPARTMENT)))
    licence, subject = story.ids["licence_id"][0], story.subjects[0]
    mandate = story.ids["mandate_id"][0]
    shown = json.loads(outcome(
        own, "elicence.present", {"licence_id": licence, "holder_subject": subject, "purpose": "住宿登记"}))
    elsewhere = story.client(Actor("app-t", OTHER))

    def listed(client: Any) -> bool:
        return licence in outcome(client, "elicence.list_by_holder", {"holder_subject": subject})

    def at_the_portal(target: str, name: str) -> bool:
        """One by its id, whole; or all of them by a list."""
        one = story.ids[name][0]
        request = {name: one} if ".get" in target else {}
        answer = outcome(portal, target, request)
        return one in answer and (target != "payment.get_order" or '"lines": [{' in answer)

    return {
        **{f"a portal: {target}": at_the_portal(target, name) for target, name in AT_A_PORTAL.items()},
        "an app of another department verifies a code": '"valid": true' in outcome(
            elsewhere, "elicence.verify", {"code": shown["code"], "purpose": "住宿登记"}),
        "the citizen gets the licence": licence in outcome(own, "elicence.get", {"licence_id": licence}),
        "the citizen lists licences": listed(own),
        "the citizen sees the case": story.ids["case_id"][0] in outcome(
            own, "matter.get_case", {"case_id": story.ids["case_id"][0]}),
        "the citizen reads the inbox": "items" in outcome(own, "notification.inbox", {"recipient_subject": subject}),
        "a portal gets the licence for the citizen": licence in outcome(
            portal, "elicence.get", {"licence_id": licence}),
        "a portal lists licences for the citizen": listed(portal),
        "the citizen gets the mandate": mandate in outcome(own, "identity.get_mandate", {"mandate_id": mandate}),
        "a portal lists the mandate for the citizen": mandate in outcome(
            portal, "identity.list_mandates", {"direction": "given"}),
        "the officer gets the licence": licence in outcome(clerk, "elicence.get", {"licence_id": licence}),
    }


def changes(before: list[str], after: list[str]) -> list[str]:
    return [f"{one} -> {other}" for one, other in zip(before, after, strict=True) if one != other]


def by_token(story: Story) -> dict[str, str]:
    """Outcomes of an app over AMQP with a token of its own, of another app, of another citizen, and with a subject."""
    licence, (first, second) = story.ids["licence_id"][0], story.subjects
    given = {
        "own": {"token": story.token(first, "app-a")}, "of another app": {"token": story.token(first, "app-t")},
        "of another citizen": {"token": story.token(second, "app-a")}, "a subject": {"subject": first},
    }
    with BusClient(story.broker_url, caller="app-a", tenant=DEPARTMENT) as app:
        found = {name: outcome(app.with_context(None, **proof), "elicence.get", {"licence_id": licence})
                 for name, proof in given.items()}
    return {name: "licence" if licence in answer else answer for name, answer in found.items()}


def snapshot(story: Story) -> list[str]:
    """The owner's view of what could be changed."""
    owner = story.client(Actor("app-a", DEPARTMENT))
    looks = [("payment.get_order", "order_id"), ("payment.get_refund", "refund_id"), ("matter.get_case", "case_id"),
             ("notification.get", "message_id"), ("elicence.get", "licence_id"), ("payment.get_receipt", "receipt_id")]
    seen = [outcome(owner, target, {name: value}) for target, name in looks for value in story.ids[name]]
    return [re.sub(r'"duration_s": [0-9.]+', "", one) for one in seen]


def records(database_url: str) -> list[EvidenceRecord]:
    """The records of all services' evidence logs."""
    found = []
    for service in SERVICES:
        database = Database(database_url, service.name)
        with database.reading(ALL_TENANTS) as session:
            bodies = session.execute(select(tables.records.c.body)).scalars().all()
        database.dispose()
        found += [EvidenceRecord.of(bytes(body)) for body in bodies]
    return found


def uses(database_url: str) -> list[tuple[str, str, str, bool]]:
    """The use records that apps left: method, owner, basis, and whether they name fields."""
    return sorted({
        (f"{one.service}.{one.action.removesuffix('.used')}", one.owner, one.basis, bool(one.fields))
        for one in records(database_url) if one.action.endswith(".used") and one.by["caller"].startswith("app-")})


def refusals(database_url: str) -> list[tuple[str, str, str]]:
    """The records of refusals of apps: service, owner, reason."""
    return sorted({
        (one.service, one.owner, str(one.details["reason"]))
        for one in records(database_url) if one.action == "refused" and one.by["caller"].startswith("app-")})


def switch_permits_off() -> None:
    """The first wall as it is without permits: whatever was found is opened. Sessions are admitted as ever."""
    def opened(_context: object, row: Any) -> Any:
        return None if row is None else row.open(Permit("own", None, row.facts))

    for name in ("open_row", "open_asked"):
        mock.patch.object(load_many, name, opened).start()


def switch_admission_off() -> None:
    """Every session is admitted, whatever the method's level, scopes and roles; permits decide as ever."""
    rpc_batch.admit = lambda *_: None  # type: ignore[attr-defined]


def switch_row_security_off(database_url: str) -> None:
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        tables = connection.execute(text(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE rowsecurity")).scalars().all()
        for table in tables:
            connection.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
    engine.dispose()


def begin(world: World, broker_url: str, database_url: str, folder: Path) -> Story:
    direct = BusClient(broker_url, caller="operator", tenant=DEPARTMENT)
    world.operator.payment.put_receipt_range(
        collecting_unit=seed()["fee_items"][0]["collecting_unit"], bill_code="33010025", first_number=1,
        last_number=100)
    approve_portal(world, put_in_directory(world, broker_url, database_url, folder))
    wait_for_portal(database_url)
    ids = own_things(world, world.gateway.with_context(None, for_app="app-a", tenant=DEPARTMENT))
    direct.close()
    first, second = world.person(PERSON), world.person(SECOND_PERSON)
    licence = world._licences[first]
    ids |= {
        "licence_id": [licence["licence_id"]], "identifier": [licence["identifier"]], "holder_subject": [first],
        "subject_id": [first], "feed": [DIRECTORY],
    }
    keys = KeyFolder(Path("var") / "keys", makes=True)
    login = AccessTokenSigner(keys.signing_key("sandbox"), issuer="sandbox", realm="sandbox")
    story = Story(
        world, ids, (first, second), TicketSigner(keys.signing_key("gateway"), issuer="gateway"), login, broker_url)
    appointed = story.client(Actor("app-a", DEPARTMENT, citizen(first))).identity.appoint_agent(
        agent_name="张三", agent_id_number=complete_resident_id("33010619900307001"), scopes=["order"])
    ids["mandate_id"] = [appointed["mandate_id"]]
    asked = story.client(Actor("app-a", DEPARTMENT, citizen(first))).identity.submit_personal_request(kind="delete")
    ids["request_id"] = [asked["request_id"]]
    return story


def approve_portal(world: World, department_id: str) -> None:
    """Open a portal in production. department_id: of the department that owns the realm's population."""
    identity, approver = world.operator.identity, world.person(APPROVER)
    identity.register_app(app=PORTAL, title="总入口", department_id=department_id, kind="portal")
    identity.request_production(app=PORTAL)
    identity.add_membership(department_id=department_id, subject_id=approver, roles=["approver"])
    identity.decide_production(app=PORTAL, officer_id=approver, approve=True, reason="符合要求")


def wait_for_portal(database_url: str) -> None:
    """Wait until each service that keeps a copy of the directory's feed has the portal in it."""
    entry = select(copied.c.n).where(copied.c.feed == DIRECTORY, copied.c.kind == APP, copied.c.key == PORTAL)

    def is_copied(database: Database) -> bool:
        with database.reading(ALL_TENANTS) as session:
            return session.execute(entry).one_or_none() is not None

    for service in SERVICES:
        database = Database(database_url, service.name)
        wait(partial(is_copied, database), f"the portal in the copy of {service.name}")
        database.dispose()


def after_a_merge(story: Story) -> dict[str, bool]:
    """Merge the first subject into the second one: the survivor reads at the portal what was the first one's."""
    first, second = story.subjects
    survivor = story.client(Actor(PORTAL, "realm", citizen(second)))
    looks = {**AT_A_PORTAL, "elicence.get": "licence_id"}
    del looks["identity.get_subject"]

    def sees(target: str, name: str) -> bool:
        one = story.ids[name][0]
        return one in outcome(survivor, target, {name: one} if ".get" in target else {})

    before = {target for target, name in looks.items() if sees(target, name)}
    story.world.operator.identity.merge_subjects(
        subject_id=second, merged_id=first, reason="同一人", tenant=DEPARTMENT)
    for target, name in looks.items():
        wait(partial(sees, target, name), f"the survivor sees {target}")
    return {"hidden before": not before}


def count_batches(story: Story) -> None:
    run = rpc_batch._Runner.run

    def counted(self: Any, group: Any) -> None:
        story.batches.append(len({(one.context.tenant, one.context.subject) for one in group}))
        run(self, group)

    rpc_batch._Runner.run = counted  # type: ignore[assignment, method-assign]


def main(broker_url: str, database_url: str, folder: str, off: str = "") -> None:
    os.chdir(folder)
    with ExitStack() as stack:
        world = World(stack, broker_url, database_url, Path(folder))
        story = begin(world, broker_url, database_url, Path(folder))
        if "permits" in off:
            switch_permits_off()
        if "admission" in off:
            switch_admission_off()
        if "row-security" in off:
            switch_row_security_off(database_url)
        count_batches(story)
        before = snapshot(story)
        reached, through, count = cross(story)
        seen = {
            "reached": sorted(reached), "methods": sorted(target for target, _, _ in every_method()),
            "requests": count, "through": through, "changed": changes(before, snapshot(story)),
            "uses of strangers": uses(database_url), "allowed": allowed(story), "uses": uses(database_url),
            "refusals": refusals(database_url), "by token": by_token(story),
            "shared": sum(size > 1 for size in story.batches), "merged": after_a_merge(story),
        }
        world.host.stop(15)
    sys.stdout.write(json.dumps(seen, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
