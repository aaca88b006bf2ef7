"""The examples of the reference, sent to a whole platform in this process. Run as a program.

Arguments: a folder, and `--record` to write the replies and events that came into services/*/examples.json.
Each call is the committed example of its method; only what a platform makes itself (ids, codes, signatures) is that
of this run. Prints what came of each as a line of JSON.
"""
from __future__ import annotations

from shared_components.bus.green.patching import patch

patch(asyncio_hub=True)

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Mapping  # noqa: E402
from datetime import UTC, date, datetime, timedelta  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import httpx  # noqa: E402
from joserfc import jwt  # noqa: E402
from joserfc.jwk import OctKey  # noqa: E402

from services.identity.commands.transactions import IdentityTransactions  # noqa: E402
from services.identity.sessions.usecases.issue_tokens import IssueTokens, issue_tokens  # noqa: E402
from services.identity.sessions.usecases.open_session import OpenSession, open_session  # noqa: E402
from shared_components.bus.server.event_recorder import EventRecorder  # noqa: E402
from shared_components.contracts.examples import FILE  # noqa: E402
from shared_components.devstack.demo.screen import Screen  # noqa: E402
from shared_components.devstack.demo.worlds import DEPARTMENT, REALM, World, world_of  # noqa: E402
from shared_components.devstack.sandbox import CARRIER_ACCOUNT, HOSPITAL_KEY_ID, Sandbox  # noqa: E402
from shared_components.kernel.acting import CITIZEN, Acting  # noqa: E402
from shared_components.kernel.errors import AppError  # noqa: E402
from shared_components.material_store import Sealer, store_of  # noqa: E402
from shared_components.runtime.discovery import (  # noqa: E402
    contract_of,
    service_folder,
    service_names,
)
from shared_components.security.proofs.key_folder import KeyFolder  # noqa: E402
from shared_components.security.proofs.tickets import TicketSigner  # noqa: E402
from shared_components.security.request_signing import sign  # noqa: E402
from tests.acting import citizen, officer  # noqa: E402
from tests.cases import credential_story  # noqa: E402

CALLERS = {"identity.get_subject_for_case": "matter", "matter.receive_callback": "gateway",
           **{f"matter.{name}": "gateway" for name in (
               "open_upload", "finish_upload", "take_download", "take_document")},
           "payment.apply_channel_notification": "gateway", "notification.record_receipt": "gateway",
           "identity.read_feed": "gateway", **{
               f"{service}.{name}": "gateway" for service in ("identity", "notification")
               for name, method in contract_of(service).methods.items() if method.callers == ("gateway",)}}
APP = "app-demo"
PATIENCE_S = 20.0
CITIZEN_SCOPES = frozenset({
    "case", "consent", "credential", "guardian-consent", "licence", "mandate", "order", "personal-information",
    "session"})
Data = dict[str, Any]
REVIEWED = """
format: zhongtai/matter/1
matter_code: allotment
item_code: 1133010600000030X33330109017002
title: {zh: 摊位申请, en: Application for a market stall}
department: {code: 1133010600000030X3, name: {zh: 示范部门, en: Demonstration department}}
applicant: {kinds: [person], level: 1}
guide: {summary: {zh: 申请集市摊位, en: Apply for a stall}}
form: {type: object, properties: {goods: {type: string, title: {zh: 经营品类, en: Goods}}}}
open_cases: {most: 9}
documents: {mark: 示市许}
materials:
  - {material: lease, title: {zh: 摊位租赁合同, en: Lease of the stall}}
steps:
  - {step: review, kind: task, title: {zh: 审核, en: Review}, with: {role: handler}}
"""


class Story:
    """Sends examples, remembers what came."""

    def __init__(self, world: World, examples: dict[str, Data]) -> None:
        self.world = world
        self.examples = examples
        self.seen: dict[str, Data] = {}
        self._clients = {caller: world.client(caller) for caller in {"operator", APP, *CALLERS.values()}}
        self.acting: Acting | None = None
        self.department = "default"

    @property
    def app(self) -> Any:
        return self._clients[APP]

    def enter(self, subject: str | None) -> None:
        """Let a citizen act in the calls that follow, by a portal; None: nobody."""
        self.acting = citizen(subject, level=3, scopes=CITIZEN_SCOPES)

    def enter_desk(self, subject: str, *roles: str) -> None:
        """Let an officer of the department act in the calls that follow."""
        self.acting = officer(subject, "default", *roles, level=3, scopes=CITIZEN_SCOPES)

    def send(self, target: str, /, **live: Any) -> Any:
        """The example of a method, with this run's own ids in it."""
        service, name = target.split(".")
        tenant = {"tenant": live.pop("tenant")} if "tenant" in live else {}
        request = {**self.examples[service]["methods"][name]["request"], **live}
        outcome: Data = {"request": request}
        try:
            outcome["reply"] = self._ask(target, {**request, **tenant})
        except AppError as error:
            outcome["error"] = {"code": error.code, "category": error.category, "message": error.message}
        self.seen.setdefault(target, outcome)
        return outcome.get("reply", {})

    def _ask(self, target: str, request: Data) -> Any:
        service, name = target.split(".")
        client = self._clients[CALLERS.get(target, "operator")] if self.acting is None else self._portal(self.acting)
        return getattr(getattr(client, service), name)(**request)

    def _portal(self, acting: Acting) -> Any:
        """The gateway, with the verdict about a person's session: a citizen's, or an officer's at their department."""
        department = acting.department or self.department
        configuration = self.world.configuration
        keys = KeyFolder.from_configuration(configuration["security"], configuration["environment"])
        assert keys is not None
        ticket = TicketSigner(keys.signing_key("gateway"), issuer="gateway").sign(
            acting, app="app-portal", department=department, audience=["identity", "matter"], at=datetime.now(UTC))
        return self._clients["gateway"].with_context(
            None, for_app="app-portal", tenant=department, version="2", ticket=ticket)

    def introspect(self, token: str) -> None:
        """The app asks about its token. The reference shows one that nobody can use."""
        def active() -> Any:
            reply = self._clients[APP].identity.introspect_token(token=token)
            return reply if reply["active"] else None

        self.seen["identity.introspect_token"] = {
            "request": self.examples["identity"]["methods"]["introspect_token"]["request"], "reply": self.wait(active)}

    def ask(self, target: str, /, **request: Any) -> Any:
        """A call that only sets the scene."""
        return self._ask(target, request)

    def wait(self, look: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            found = look()
            if found:
                return found
            time.sleep(0.05)
        raise TimeoutError(f"not so after {PATIENCE_S:.0f} s; seen: {list(self.seen)[-3:]}")


def tell(story: Story) -> None:
    subject = people(story)
    directory(story)
    mandates(story, subject)
    credential_story.sign_in_methods(story, subject)
    credential_story.guardians(story)
    licences(story, subject)
    messages(story, subject)
    case(story, subject)
    desk(story, subject)
    login(story)
    payments(story, subject)
    books(story)
    for service, example in story.examples.items():
        for name in example["methods"]:
            if f"{service}.{name}" not in story.seen:
                story.send(f"{service}.{name}")


def people(story: Story) -> str:
    person = story.send("identity.register_person")["subject_id"]
    organisation = story.send("identity.register_organisation")["subject_id"]
    story.send("identity.add_evidence", subject_id=person)
    story.ask("identity.add_evidence", subject_id=person, kind="proof-of-presence",
              data={"presence_token": "sandbox-present"})
    for method in ("get_subject", "get_subject_for_case", "list_evidence"):
        story.send(f"identity.{method}", subject_id=person)
    earlier = story.ask("identity.register_person", name="林静", id_number="330106198506150062")["subject_id"]
    story.send("identity.merge_subjects", subject_id=person, merged_id=earlier)
    story.send("identity.list_subject_changes", subject_id=person)
    sessions(story, person)
    story.send("identity.find_subject")
    story.send("identity.list_levels")
    for method in ("freeze_subject", "unfreeze_subject", "close_subject"):
        story.send(f"identity.{method}", subject_id=organisation)
    return str(person)


def sessions(story: Story, subject: str) -> None:
    """Three logins of a person: one is ended by itself, and the two that are left with all others."""
    transactions = IdentityTransactions(story.world.configuration, None)
    with transactions.begin() as tx:
        opened = [open_session(tx, OpenSession("default", subject, CITIZEN, ("pwd",), device=device), None)
                  for device in ("Edge / Windows", "Chrome / Android", "Safari / iPhone")]
        given = issue_tokens(tx, IssueTokens(opened[0], APP, ["openid", "order"]))
    transactions.close()
    story.introspect(given.access_token)
    story.enter(subject)
    story.send("identity.list_sessions")
    story.send("identity.end_session", session_id=opened[1].session_id)
    story.send("identity.end_other_sessions")
    story.enter(None)


def directory(story: Story) -> None:
    """A realm with a department and an app, from its first key to its last."""
    # The demonstration's realm owns the department whose data the other parts of the story work on.
    officer = story.ask("identity.register_person", name="张建国", id_number="330106199003070014")["subject_id"]
    department = story.send("identity.add_department", tenant=REALM)["department_id"]
    other = story.ask("identity.add_department", tenant=REALM, name="示范市地方税务局")["department_id"]
    for method in ("rename_department", "change_credit_code", "move_department", "get_department"):
        story.send(f"identity.{method}", tenant=REALM, department_id=department)
    story.send("identity.merge_department", tenant=REALM, department_id=other, successor_id=department)
    story.send("identity.list_departments", tenant=REALM)
    membership = story.send(
        "identity.add_membership", tenant=REALM, department_id=department, subject_id=officer)["membership_id"]
    story.send("identity.list_memberships", tenant=REALM, department_id=department)
    first = story.send("identity.register_app", tenant=REALM, department_id=department)["key_id"]
    for method in ("change_app", "request_production"):
        story.send(f"identity.{method}", tenant=REALM)
    story.send("identity.decide_production", tenant=REALM, officer_id=officer)
    for method in ("issue_app_key", "get_app", "read_feed"):
        story.send(f"identity.{method}", tenant=REALM)
    story.send("identity.list_apps", tenant=REALM, department_id=department)
    story.send("identity.revoke_app_key", tenant=REALM, key_id=first)
    for method in ("freeze_app", "unfreeze_app", "close_app"):
        story.send(f"identity.{method}", tenant=REALM)
    story.send("identity.end_membership", tenant=REALM, membership_id=membership)
    story.send("identity.list_directory_changes", tenant=REALM, thing_id=department)
    story.send("identity.close_department", tenant=REALM, department_id=department)


def requests(story: Story) -> None:
    """A citizen's requests about personal information, and the officer who decides on one."""
    person, story.acting = story.acting, None
    (owner,) = [each["tenant"] for each in story.ask("identity.list_departments", tenant=REALM)["items"]
                if each["name"] == DEPARTMENT]
    # At an app of the department that owns the population: no consent is needed there.
    story.acting, story.department = person, owner
    copied = story.send("identity.submit_personal_request")["request_id"]
    for method in ("get_personal_request", "get_personal_copy"):
        story.send(f"identity.{method}", request_id=copied)
    story.send("identity.list_personal_requests")
    restricted = story.ask("identity.submit_personal_request", kind="restrict")["request_id"]
    story.send("identity.cancel_personal_request", request_id=restricted)
    deleted = story.ask("identity.submit_personal_request", kind="delete")["request_id"]
    story.acting = officer("sub_officer", owner, "manager")
    story.send("identity.list_requests_to_decide")
    story.send("identity.decide_personal_request", request_id=deleted)
    story.acting, story.department = person, "default"


def mandates(story: Story, agent: str) -> None:
    """The representative of a cooperative, who appoints an agent for herself, too."""
    principal = story.ask("identity.register_person", name="王秀兰", id_number="320106196501010019")["subject_id"]
    # Mandates belong to the population: an app of the realm needs no consent to them.
    story.department = REALM
    story.enter(principal)
    story.send("identity.prove_representation")
    appointed = [story.send("identity.appoint_agent")["mandate_id"] for _ in range(2)]
    story.enter(agent)
    story.send("identity.accept_mandate", mandate_id=appointed[0])
    story.send("identity.refuse_mandate", mandate_id=appointed[1])
    for method in ("get_mandate", "list_mandate_changes"):
        story.send(f"identity.{method}", mandate_id=appointed[0])
    story.send("identity.list_mandates")
    story.send("identity.revoke_mandate", mandate_id=appointed[0])
    story.send("identity.list_consents")
    story.send("identity.revoke_consent")
    requests(story)
    story.send("identity.list_upstream_links")
    story.send("identity.remove_upstream_link")
    story.enter(None)


def licences(story: Story, subject: str) -> None:
    story.send("elicence.put_type")
    story.send("elicence.list_types")
    ends = datetime.now(UTC).date() + timedelta(days=60)
    days = {"valid_from": _years_before(ends, 6).isoformat(), "valid_until": ends.isoformat()}
    licence = story.send("elicence.issue", holder_subject=subject, **days)
    story.send("elicence.get", licence_id=licence["licence_id"])
    story.send("elicence.list_by_holder", holder_subject=subject)
    present = {"licence_id": licence["licence_id"], "holder_subject": subject}
    shown = story.send("elicence.present", **present)
    story.send("elicence.verify", code=shown["code"])
    # Shown to another department it is recorded as evidence, which is sealed within seconds.
    story.ask("elicence.verify", code=story.send("elicence.present", **present)["code"], tenant="another-department")
    story.send("elicence.suspend", licence_id=licence["licence_id"])
    story.send("elicence.resume", licence_id=licence["licence_id"])
    for scope in ("revoke", "cancel", "withdraw", "transfer_out"):
        request = {**story.examples["elicence"]["methods"]["issue"]["request"], **days}
        other = story.ask("elicence.issue", **{**request, "holder_subject": subject, "scope": scope})
        story.send(f"elicence.{scope}", licence_id=other["licence_id"])


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


def messages(story: Story, subject: str) -> None:
    webhook = story.send("notification.put_webhook").get("webhook_id", "whk_0001")
    story.send("notification.list_webhooks")
    story.send("notification.put_template")
    story.ask(
        "notification.put_template", template_code="licence-issued", channel="inbox", body="((name))，新证已签发。")
    story.send("notification.list_templates")
    story.send("notification.preview")
    sent = story.send("notification.send")["message_id"]
    story.send("notification.get", message_id=sent)
    story.send("notification.list")
    story.send("notification.cancel", message_id=sent)
    told = story.ask("notification.send", template_code="licence-issued", channel="inbox", recipient_subject=subject,
                     values={"name": "林静"}, reference="case_0001")
    story.send("notification.inbox", recipient_subject=subject)
    story.send("notification.mark_read", message_id=told["message_id"])
    story.wait(lambda: story.ask("notification.list_deliveries")["items"])
    delivery = story.send("notification.list_deliveries")["items"][0]
    story.send("notification.resend_webhook", delivery_id=delivery["delivery_id"])
    story.send("notification.remove_webhook", webhook_id=webhook)
    notify_messages(story)
    job(story)
    text_message(story)


def text_message(story: Story) -> None:
    """A one-time code by text message, and the receipt that its provider signs."""
    app = story.app.notification
    app.put_template(template_code="sign-in-code", channel="sms", purpose="code",
                     body="您的验证码为((code))，((minutes??5))分钟内有效。")
    story.send("notification.get_template")
    story.send("notification.file_template")
    story.send("notification.approve_template")
    sent = app.send(template_code="sign-in-code", channel="sms", address="13800000001", values={"code": "123456"})
    story.wait(lambda: app.get(message_id=sent["message_id"])["state"] == "delivered")
    receipt = {"message_id": sent["message_id"], "reference": "sms_1", "state": "delivered", "code": ""}
    body = json.dumps({"account": CARRIER_ACCOUNT, "receipts": [receipt]})
    headers = sign(
        body.encode(), key_id=CARRIER_ACCOUNT, key=story.world.carrier_secret.encode(), at=datetime.now(UTC))
    story.send("notification.record_receipt", headers=headers, body=body)


def job(story: Story) -> None:
    """A file of one recipient, from its ticket to its message; and another job whose file never comes."""
    content = "address,name\nlin@citizen.example,林静\n".encode()
    story.ask("notification.put_template", template_code="permit-renewed", channel="email", subject="证照换发",
              body="((name))，您的证照可以换发了。")
    made = story.send("notification.create_job", size=len(content))
    ticket, job_id = _ticket(made), made["job"]["job_id"]
    allowed = story.send("notification.open_job_upload", ticket=ticket)
    sealer = Sealer(bytes.fromhex(allowed["key"]), allowed["content_id"])
    with store_of(story.world.configuration).writing(allowed["content_id"]) as writer:
        writer.write(sealer.seal(content) + sealer.finish())
    story.send("notification.finish_job_upload", ticket=ticket, size=len(content))
    story.send("notification.pause_job", job_id=job_id)
    story.wait(lambda: story.ask("notification.get_job", job_id=job_id)["job"]["state"] == "paused")
    story.send("notification.resume_job", job_id=job_id)
    story.wait(lambda: story.ask("notification.get_job", job_id=job_id)["job"]["state"] == "finished")
    story.send("notification.get_job", job_id=job_id)
    story.send("notification.list_jobs")
    story.send("notification.list_job_problems", job_id=job_id)
    unused = story.ask("notification.create_job", template_code="permit-renewed", channel="email", size=9)
    story.send("notification.cancel_job", job_id=unused["job"]["job_id"])


def notify_messages(story: Story) -> None:
    """As a Notify client does it."""
    key = story.send("notification.create_notify_key")
    story.send("notification.list_notify_keys")
    service, secret = key["key"][-73:-37], key["key"][-36:]
    claims = {"iss": service, "iat": int(time.time())}
    token = jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(secret))
    story.send("notification.identify_notify_caller", authorization=f"Bearer {token}")
    listed = story.send("notification.list_notify_templates")["items"]
    template = next(one for one in listed if one["name"] == "licence-issued")
    named = {"template_id": template["template_id"]}
    story.send("notification.get_notify_template", **named)
    story.send("notification.preview_notify_template", **named)
    sent = story.send("notification.send_by_notify", key_id=key["key_id"], **named)
    story.send("notification.get_by_notify", message_id=sent["message_id"])
    story.send("notification.list_by_notify")
    story.send("notification.revoke_notify_key", key_id=key["key_id"])


def case(story: Story, subject: str) -> None:
    # A definition names its fee items, templates and licence types, which are there before it.
    story.send("payment.put_fee_item")
    story.send("matter.bootstrap")
    story.send("matter.publish_definition")
    story.send("matter.list_matters")
    story.send("matter.get_guide")
    draft = story.send("matter.start_case", applicant_subject=subject)["case_id"]
    story.send("matter.save_form", case_id=draft)
    story.send("matter.submit_case", case_id=draft)
    story.wait(lambda: _step(story, draft, "medical") == "waiting")
    story.send("matter.retry_step", case_id=draft)
    story.send("matter.run_step_now", case_id=draft)
    today = datetime.now(UTC).date().isoformat()
    body = json.dumps({
        "callback_id": "medical-0001", "case_id": draft, "step": "medical",
        "result": {"passed": True, "certificate_number": "TJ20250001", "examined_on": today},
    })
    signed = sign(body.encode(), key_id=HOSPITAL_KEY_ID, key=story.world.hospital_key, at=datetime.now(UTC))
    story.send("matter.receive_callback", case_id=draft, body=body, key_id=signed["X-Zhongtai-Key-Id"],
               timestamp=signed["X-Zhongtai-Timestamp"], signature=signed["X-Zhongtai-Signature"])
    story.wait(lambda: _step(story, draft, "pay") == "waiting")
    story.send("matter.choose_channel", case_id=draft)
    story.send("matter.get_case", case_id=draft)
    story.send("matter.list_cases", applicant_subject=subject)
    story.send("matter.withdraw_case", case_id=draft)


def desk(story: Story, subject: str) -> None:
    """An officer's step, from the inbox to the decision."""
    story.ask("matter.publish_definition", definition_yaml=REVIEWED, allow_missing=True)
    files(story, subject)
    draft, received = _stall(story, subject), _stall(story, subject)
    story.enter_desk("sub_officer", "handler")
    story.send("matter.list_tasks")
    for name in ("get_task", "claim_task", "release_task"):
        story.send(f"matter.{name}", case_id=draft)
    story.ask("matter.claim_task", case_id=draft, step="review")
    story.send("matter.request_supplement", case_id=draft)
    story.enter(None)
    story.send("matter.answer_supplement", case_id=draft)
    for name in ("pause_case", "resume_case"):
        story.send(f"matter.{name}", case_id=draft)
    story.enter_desk("sub_officer", "handler", "manager")
    for name in ("extend_case", "stop_clock", "restart_clock"):
        story.send(f"matter.{name}", case_id=draft)
    story.send("matter.escalate_case", case_id=draft)
    story.ask("matter.claim_task", case_id=draft, step="review")
    story.send("matter.delegate_task", case_id=draft)
    story.ask("matter.release_task", case_id=draft, step="review")
    story.ask("matter.claim_task", case_id=draft, step="review")
    story.send("matter.complete_task", case_id=draft)
    rated = draft
    story.ask("matter.claim_task", case_id=received, step="review")
    story.send("matter.decide_acceptance", case_id=received)
    story.enter(None)
    skipped, ended = _stall(story, subject), _stall(story, subject)
    story.send("matter.skip_step", case_id=skipped)
    story.send("matter.compensate_case", case_id=ended)
    ratings(story, rated, skipped)
    documents(story, rated)


def ratings(story: Story, first: str, second: str) -> None:
    """Two bad ratings: one is answered, one is appealed against."""
    rating_id = story.send("matter.rate_case", case_id=first)["rating_id"]
    other = story.ask("matter.rate_case", case_id=second, level=1)["rating_id"]
    story.enter_desk("sub_officer", "handler", "manager")
    story.send("matter.list_ratings")
    story.send("matter.answer_rating", rating_id=rating_id)
    story.send("matter.appeal_rating", rating_id=other)
    story.send("matter.decide_appeal", rating_id=other)
    story.enter(None)


def documents(story: Story, case_id: str) -> None:
    """The first document of a case, once it has its number."""
    first = story.wait(lambda: next(
        (one for one in story.ask("matter.list_documents", case_id=case_id)["items"] if one["number"]), None))
    story.send("matter.list_documents", case_id=case_id)
    story.send("matter.take_document", ticket=_ticket(
        story.send("matter.request_document", document_id=first["document_id"])))


def files(story: Story, subject: str) -> None:
    """A file of a draft, from the ticket to the second draft that has it, too."""
    draft, second = (
        story.ask("matter.start_case", matter_code="allotment", applicant_subject=subject, form={})["case_id"]
        for _ in range(2))
    ticket = _ticket(story.send("matter.request_upload", case_id=draft))
    story.send("matter.open_upload", ticket=ticket)
    material_id = story.send("matter.finish_upload", ticket=ticket)["material_id"]
    story.send("matter.list_materials", case_id=draft)
    story.send("matter.take_download", ticket=_ticket(
        story.send("matter.request_download", material_id=material_id)))
    story.send("matter.reuse_material", case_id=second, material_id=material_id)
    story.send("matter.remove_material", material_id=material_id)


def _ticket(reply: Data) -> str:
    return str(reply["path"]).rpartition("/")[2]


def _stall(story: Story, subject: str) -> str:
    """A case that waits for officers; gives its id."""
    draft = story.ask("matter.start_case", matter_code="allotment", applicant_subject=subject, form={})["case_id"]
    story.ask("matter.submit_case", case_id=draft)
    story.wait(lambda: _step(story, draft, "review") == "waiting")
    return str(draft)


def login(story: Story) -> None:
    """A login that a page of the account begins, as the gateway carries it."""
    begun = story.send("identity.begin_login")
    here = {"interaction": begun["interaction"]}
    for method in ("read_login", "offer_passkey", "continue_login"):
        story.send(f"identity.{method}", **here)


def _step(story: Story, case_id: str, name: str) -> str:
    steps = story.ask("matter.get_case", case_id=case_id)["steps"]
    return next((str(step["state"]) for step in steps if step["step"] == name), "")


def payments(story: Story, subject: str) -> None:
    story.send("payment.list_fee_items")
    story.send("payment.put_receipt_range")
    story.send("payment.list_receipt_ranges")
    webhook = story.send("payment.put_webhook").get("webhook_id", "whk_0001")
    story.send("payment.list_webhooks")
    order = story.send("payment.create_order", payer_subject=subject)
    order_id = order["order_id"]
    started = story.send("payment.start_payment", order_id=order_id)
    httpx.post(started["pay_url"], data={"action": "confirm"}, timeout=20)
    story.wait(lambda: story.ask("payment.get_order", order_id=order_id)["state"] == "paid")
    story.send("payment.apply_channel_notification")
    story.send("payment.get_order", order_id=order_id)
    story.send("payment.list_orders")
    receipt = story.wait(lambda: story.ask("payment.list_receipts", order_id=order_id, state="issued")["items"])[0]
    story.send("payment.list_receipts", order_id=order_id)
    story.send("payment.get_receipt", receipt_id=receipt["receipt_id"])
    story.send("payment.verify_receipt", **{
        name: receipt[name] for name in ("bill_code", "bill_number", "check_code")})
    delivery = story.send("payment.list_deliveries").get("items")
    story.send("payment.resend_webhook", **({"delivery_id": delivery[0]["delivery_id"]} if delivery else {}))
    story.send("payment.remove_webhook", webhook_id=webhook)
    refund = story.send("payment.refund_order", order_id=order_id)["refund_id"]
    story.wait(lambda: story.ask("payment.get_refund", refund_id=refund)["state"] == "succeeded")
    story.send("payment.get_refund", refund_id=refund)
    unpaid = story.ask("payment.create_order", **story.examples["payment"]["methods"]["create_order"]["request"])
    story.send("payment.close_order", order_id=unpaid["order_id"])


def books(story: Story) -> None:
    for method in ("trial_balance", "list_entries", "import_statement", "list_statements", "reconcile",
                   "list_differences", "resolve_difference", "get_account_statement", "get_settlement",
                   "record_payout", "close_day"):
        story.send(f"payment.{method}")


def read_examples() -> dict[str, Data]:
    paths = {name: service_folder(name) / FILE for name in service_names()}
    return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in paths.items() if path.exists()}


def watch_events() -> dict[str, dict[str, Any]]:
    """The first data of each event type, by service."""
    found: dict[str, dict[str, Any]] = {}
    record = EventRecorder.record

    def recording(self: Any, type: str, **given: Any) -> None:
        record(self, type, **given)
        found.setdefault(self._service, {}).setdefault(type, self.rows[-1]["data"])

    EventRecorder.record = recording  # type: ignore[method-assign]
    return found


def write(examples: dict[str, Data], seen: dict[str, Data], events: dict[str, dict[str, Any]]) -> None:
    for service, example in examples.items():
        for name in example["methods"]:
            outcome = seen.get(f"{service}.{name}", {})
            if "reply" in outcome:
                example["methods"][name] = {"request": outcome["request"], "reply": outcome["reply"]}
        example["events"] = {**example.get("events", {}), **events.get(service, {})}
        text = json.dumps(example, ensure_ascii=False, indent=2, default=str) + "\n"
        (service_folder(service) / FILE).write_text(text, encoding="utf-8")


def _configure(folder: Path) -> None:
    configured = Sandbox.configured

    def with_hosts(self: Sandbox, configuration: Mapping[str, Any]) -> dict[str, Any]:
        settings = configured(self, configuration)
        settings["services"]["payment"]["webhooks"] = {"hosts": ["app.example"]}
        settings["services"]["notification"]["webhooks"] = {"hosts": ["app.example"]}
        settings["materials"] = {"folder": str(folder / "materials")}
        settings["services"].setdefault("identity", {})["credentials"] = credential_story.SETTINGS
        return settings

    Sandbox.configured = with_hosts  # type: ignore[method-assign]


def main(folder: Path, *, record: bool) -> None:
    examples = read_examples()
    events = watch_events()
    screen = Screen()
    screen._console.quiet = True
    _configure(folder)
    with world_of("inproc", folder, screen, pairwise_ids=False) as world:
        story = Story(world, examples)
        try:
            tell(story)
        finally:
            if record:
                write(examples, story.seen, events)
        print(json.dumps(story.seen, default=str))
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), record="--record" in sys.argv)
