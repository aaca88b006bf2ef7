"""Matter D, 驾驶证期满换证, as the people of it would live it. Everything is asked of the platform from outside:
the citizen's app and the hospital over HTTP, the department's operator over the bus."""
from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from shared_components.devstack.demo.failures import DemoFailed, expect
from shared_components.devstack.demo.login import Login, code_in
from shared_components.devstack.demo.screen import Screen
from shared_components.devstack.demo.worlds import World, wait_for
from shared_components.devstack.sandbox import HOSPITAL_KEY_ID, definition_of_matter, seed_of_matter
from shared_components.devstack.sandbox_tokens import real_subject, sandbox_token
from shared_components.kernel.acting import OFFICER as OFFICER_SESSION
from shared_components.kernel.acting import Acting
from shared_components.kernel.ids import new_id
from shared_components.security.request_signing import sign

PERSON = {
    "name": "林静", "id_number": "33010619850615002X", "email": "lin.jing@citizen.example", "mobile": "13800000001",
}
OFFICER = {"name": "张建国", "id_number": "330106199003070014"}
MARK = "示公交换"
FEE_MINOR = 1000
DAYS_LEFT = 60
TEXT = "((name))您好，您的新驾驶证已签发，可在“我的证照”中查看。"


REVIEW = """\
  - step: review
    kind: task
    title: {zh: 民警审核, en: Review by an officer}
    after: [check]
    limit_working_days: 1
    with:
      role: handler

"""


def reviewed_definition() -> str:
    """The shipped definition, with a step of an officer before the issue, and with documents."""
    before, issue, after = definition_of_matter().partition("  - step: issue\n")
    after = after.replace("after: [medical, pay]", "after: [medical, pay, review]", 1)
    return f"{before}{REVIEW}{issue}{after}\ndocuments:\n  mark: {MARK}\n"


class App:
    """The citizen's app: it knows the gateway's address and its own key, and nothing else."""

    def __init__(self, world: World) -> None:
        self._key = world.app_key
        self._http = httpx.Client(base_url=world.url, timeout=20)
        self.access_token = ""

    def call(self, target: str, /, **request: Any) -> dict[str, Any]:
        """`payment.get_order` → POST /v1/payment/get-order, by the app alone. Raises DemoFailed with the problem."""
        return self._send(target, request, {"Authorization": f"Bearer {self._key}"})

    def call_for_her(self, target: str, /, **request: Any) -> dict[str, Any]:
        """The same in the citizen's session: her token counts only with the key of its app."""
        return self.call_as(self.access_token, target, **request)

    def call_as(self, token: str, target: str, /, **request: Any) -> dict[str, Any]:
        """The same in another person's session."""
        return self._send(target, request, {"Authorization": f"Bearer {token}", "Zhongtai-App-Key": self._key})

    def get(self, path: str) -> httpx.Response:
        return self._http.get(path)

    def _send(self, target: str, request: Mapping[str, Any], credentials: Mapping[str, str]) -> dict[str, Any]:
        service, _, method = target.partition(".")
        response = self._http.post(
            f"/v1/{service}/{method.replace('_', '-')}", json=request,
            headers={"Idempotency-Key": new_id("demo"), **credentials})
        answer: dict[str, Any] = response.json()
        if response.status_code != 200:
            raise DemoFailed(target, f"HTTP {response.status_code}: {answer.get('code')}: {answer.get('detail')}")
        return answer

    def post_signed(self, path: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        return self._http.post(path, content=body, headers={"Content-Type": "application/json", **headers})

    def close(self) -> None:
        self._http.close()


class DrivingLicenceRenewal:
    """One carry-through of the matter. Every step checks what came out of it."""

    def __init__(self, world: World, screen: Screen) -> None:
        self._world = world
        self._screen = screen
        self._seed = seed_of_matter()
        self._today = datetime.now(UTC).date()
        self._operator = world.client("operator")
        self._app = App(world)
        self._subject, self._real_subject = "", ""
        self._department = str(world.configuration["bus"]["default_tenant"])
        self._case_id = ""

    def carry(self) -> None:
        try:
            self._prepare()
            self._register()
            self._log_in()
            self._issue_prior_licence()
            self._apply()
            self._examine()
            self._review()
            self._pay()
            self._finish()
            self._read_documents()
            self._show()
        finally:
            self._app.close()
            self._operator.close()

    # the department sets up, once

    def _prepare(self) -> None:
        self._screen.part("The department sets up")
        with self._screen.step("matter", "bootstrap") as line:
            put = self._operator.matter.bootstrap()
            line.says = f"{len(put['definitions'])} matter, {put['templates']} message templates"
        with self._screen.step("matter", "publish: an officer reviews") as line:
            published = self._operator.matter.publish_definition(
                definition_yaml=reviewed_definition(), allow_missing=True)
            line.says = f"version {published['version']}, with documents {MARK}〔{self._today.year}〕…号"
        for item in self._seed["fee_items"]:
            with self._screen.step("payment", "put_fee_item") as line:
                fee = self._operator.payment.put_fee_item(**item)
                line.says = f"{fee['name']} {fee['price_minor']} 分"
        for kind in self._seed["licence_types"]:
            with self._screen.step("elicence", "put_type") as line:
                line.says = self._operator.elicence.put_type(**kind)["name"]

    # the citizen

    def _register(self) -> None:
        self._screen.part("林静 (synthetic) registers")
        with self._screen.step("identity", "register_person") as line:
            subject = self._app.call("identity.register_person", **PERSON)
            self._subject = subject["subject_id"]
            self._real_subject = real_subject(
                self._world.configuration, self._subject, tenant=self._department)
            line.says = f"{subject['id_number']}, level {subject['level']}"
            expect("identity.register_person", "level", subject["level"], 1)

    def _log_in(self) -> None:
        self._screen.part("She logs in, in her browser; the app gets tokens by OpenID Connect")
        pages: list[str] = []
        with self._screen.step("gateway", "login pages, then /oauth/token") as line:
            tokens = Login(self._world, lambda page, what: pages.append(f"{page}: {what}")).tokens(PERSON["email"])
            self._app.access_token = tokens["access_token"]
            line.says = f"scope {tokens['scope']}, {tokens['expires_in']} s"
        for page in pages:
            self._screen.note(page)
        with self._screen.step("identity", "add_evidence proof-of-presence") as line:
            subject = self._app.call(
                "identity.add_evidence", subject_id=self._subject, kind="proof-of-presence",
                data={"presence_token": "sandbox-present"})
            expect("identity.add_evidence", "level", subject["level"], 3)
            line.says = "level 3"

    def _issue_prior_licence(self) -> None:
        prior = self._seed["example"]["prior_licence"]
        ends = self._today + timedelta(days=DAYS_LEFT)
        with self._screen.step("elicence", "issue (the licence she holds)") as line:
            licence = self._operator.elicence.issue(
                type_code=prior["type_code"], issuer_code=prior["issuer_code"], issuer_name=prior["issuer_name"],
                holder_subject=self._real_subject, holder_name=PERSON["name"], holder_id_type="111",
                holder_id_number=PERSON["id_number"], content=prior["content"],
                valid_from=ends.replace(year=ends.year - prior["validity_years"]).isoformat(),
                valid_until=ends.isoformat(),
            )
            line.says = f"{licence['identifier']}, until {licence['valid_until']}"
            expect("elicence.issue", "version", licence["version"], 1)

    def _apply(self) -> None:
        self._screen.part("She applies for the renewal")
        example = self._seed["example"]
        with self._screen.step("matter", "start_case") as line:
            case = self._app.call_for_her("matter.start_case", matter_code=example["matter_code"],
                                  applicant_subject=self._subject, form=example["form"])
            self._case_id = case["case_id"]
            line.says = f"{self._case_id} {case['state_label']}"
        with self._screen.step("matter", "submit_case") as line:
            line.says = self._app.call_for_her("matter.submit_case", case_id=self._case_id)["state_label"]
        with self._screen.step("matter", "check: window, violations, level") as line:
            step = self._wait_for_step("check", "completed")
            line.says = f"{step['state_label']} in {step['duration_s']:.2f} s"

    def _examine(self) -> None:
        callback = {**self._seed["example"]["callback"], "case_id": self._case_id, "callback_id": new_id("exam")}
        callback["result"] = {**callback["result"], "examined_on": self._today.isoformat()}
        body = json.dumps(callback).encode()
        path = f"/callbacks/matter/{self._case_id}/medical"
        with self._screen.step("gateway", "hospital calls back (HTTP, signed)") as line:
            forged = sign(body, key_id=HOSPITAL_KEY_ID, key=b"not the hospital", at=datetime.now(UTC))
            refused = self._app.post_signed(path, body, forged)
            expect("hospital callback", "answer to a forged signature", refused.status_code, 401)
            signed = sign(body, key_id=HOSPITAL_KEY_ID, key=self._world.hospital_key, at=datetime.now(UTC))
            taken = self._app.post_signed(path, body, signed)
            expect("hospital callback", "HTTP status", taken.status_code, 200)
            step = self._wait_for_step("medical", "completed")
            line.says = f"forged one refused, real one: {step['state_label']}"

    def _review(self) -> None:
        """An officer of the sandbox takes the case from the inbox of the department and approves it."""
        self._screen.part("An officer reviews")
        token = self._officers_token()
        with self._screen.step("matter", "list_tasks, claim_task") as line:
            tasks = wait_for("matter", "the case is in the inbox", lambda: [
                one for one in self._app.call_as(token, "matter.list_tasks")["items"]
                if one["case_id"] == self._case_id])
            self._app.call_as(token, "matter.claim_task", case_id=self._case_id, step="review")
            line.says = f"{len(tasks)} in the inbox, taken"
        with self._screen.step("matter", "complete_task: approve") as line:
            self._app.call_as(
                token, "matter.complete_task", case_id=self._case_id, step="review", decision="approve")
            line.says = str(self._wait_for_step("review", "completed")["state_label"])

    def _officers_token(self) -> str:
        """A session without a login, as `zhongtai sandbox token` gives one."""
        subject = self._app.call("identity.register_person", **OFFICER)["subject_id"]
        acting = Acting(
            subject, new_id("ses"), OFFICER_SESSION, 3, frozenset({"case"}), frozenset({"handler"}), self._department)
        token = sandbox_token(self._world.configuration, acting, app=self._world.app, tenant=self._department)
        if token is None:
            raise DemoFailed("officer", "sandbox tokens are for development")
        return token

    def _pay(self) -> None:
        self._screen.part("She pays")
        step = self._wait_for_step("pay", "waiting", lambda found: "pay_url" in found["result"])
        expect("pay", "amount_minor", step["result"]["amount_minor"], FEE_MINOR)
        with self._screen.step("pay channel", "payment page (HTTP)") as line:
            page = httpx.get(step["result"]["pay_url"], timeout=20)
            expect("payment page", "HTTP status", page.status_code, 200)
            line.says = f"缴款码 {step['result']['pay_code']}, {FEE_MINOR} 分"
        with self._screen.step("payment", "channel calls back (HTTP, signed)") as line:
            httpx.post(step["result"]["pay_url"], data={"action": "confirm"}, timeout=20)
            paid = self._wait_for_step("pay", "completed")
            line.says = f"{paid['state_label']}: order-paid"

    def _finish(self) -> None:
        self._screen.part("The department issues")
        with self._screen.step("matter", "issue: new version, old one void") as line:
            self._wait_for_step("issue", "completed")
            wait_for("matter", "the case is completed", lambda: self._case()["state"] == "completed")
            licences = self._app.call("elicence.list_by_holder", holder_subject=self._subject)["items"]
            expect("issue", "(version, state label) of her licences",
                   sorted((one["version"], one["state_label"]) for one in licences), [(1, "失效"), (2, "有效")])
            self._licence = next(one for one in licences if one["version"] == 2)
            line.says = self._licence["identifier"]

    def _read_documents(self) -> None:
        """The documents that the department has issued; the decision as a sealed PDF."""
        with self._screen.step("matter", "list_documents") as line:
            issued = wait_for("matter", "each document has its number", self._numbered_documents)
            line.says = "、".join(one["title_zh"] for one in issued)
            expect("list_documents", "kinds", sorted(one["kind"] for one in issued), [
                "acceptance", "delivery", "grant", "payment", "receipt"])
        with self._screen.step("gateway", "the decision as PDF (HTTP)") as line:
            grant = next(one for one in issued if one["kind"] == "grant")
            path = self._app.call_for_her("matter.request_document", document_id=grant["document_id"])["path"]
            pdf = self._app.get(path)
            expect("the decision", "HTTP status", pdf.status_code, 200)
            expect("the decision", "is a PDF file with a signature",
                   pdf.content.startswith(b"%PDF") and b"/adbe.pkcs7.detached" in pdf.content, True)
            line.says = f"{grant['number']}, {len(pdf.content)} bytes, sealed"

    def _numbered_documents(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._app.call_for_her("matter.list_documents", case_id=self._case_id)["items"]
        return found if found and all(one["number"] for one in found) else []

    # the outcome

    def _show(self) -> None:
        self._screen.part("She shows it; a police officer checks it")
        with self._screen.step("elicence", "present") as line:
            shown = self._app.call("elicence.present", licence_id=self._licence["licence_id"],
                                   holder_subject=self._subject, purpose="路面执勤核验", fields=["vehicle_class"])
            line.says = f"code {shown['code']}"
        with self._screen.step("elicence", "verify by its code") as line:
            verdict = self._app.call("elicence.verify", code=shown["code"])
            expect("elicence.verify", "valid", verdict["valid"], True)
            again = self._app.call("elicence.verify", code=shown["code"])
            expect("elicence.verify", "valid a second time", again["valid"], False)
            line.says = f"{verdict['state_label']}; the code works once"
        self._show_ledger()
        self._show_messages()
        self._show_case()

    def _show_ledger(self) -> None:
        balance = self._operator.payment.trial_balance()
        expect("payment.trial_balance", "balanced", balance["balanced"], True)
        expect("payment.trial_balance", "total_debit_minor", balance["total_debit_minor"], FEE_MINOR)
        rows = [[line["account"], line["debit_minor"], line["credit_minor"], line["balance_minor"]]
                for line in balance["accounts"]]
        rows.append(["total", balance["total_debit_minor"], balance["total_credit_minor"], ""])
        title = f"Trial balance ({balance['currency']}, 分)"
        self._screen.table(title, ["account", "debit", "credit", "balance"], rows)

    def _show_messages(self) -> None:
        wanted = wait_for("notification", "four e-mails were delivered", self._mails_if_complete)
        inbox = self._operator.notification.inbox(recipient_subject=self._real_subject)["items"]
        expect("notification.inbox", "number of messages", len(inbox), len(wanted))
        rows = [["e-mail (SMTP)", mail["To"], mail["Subject"]] for mail in wanted]
        rows += [["inbox", "林静", item["subject"]] for item in inbox]
        text = self._send_text()
        rows.append(["sms (sandbox)", text["number"], f"【{text['signature']}】{text['body']}"])
        self._screen.table("Messages sent", ["channel", "to", "subject"], rows)

    def _send_text(self) -> dict[str, Any]:
        """A text message of the department, followed until its receipt says that it has arrived."""
        notification = self._operator.notification
        notification.put_template(template_code="licence-ready", channel="sms", body=TEXT)
        sent = notification.send(
            template_code="licence-ready", channel="sms", address=PERSON["mobile"], values={"name": PERSON["name"]},
            reference=self._case_id)
        message_id = sent["message_id"]
        wait_for("notification", "the text message was delivered",
                 lambda: notification.get(message_id=message_id)["state"] == "delivered")
        (text,) = self._world.sent_texts(f"+86{PERSON['mobile']}")
        expect("carrier", "message_id", text["message_id"], message_id)
        return text

    def _mails_if_complete(self) -> list[Any]:
        mails = [mail for mail in self._world.sent_mails() if code_in(mail) is None]
        return mails if len(mails) >= 4 else []

    def _show_case(self) -> None:
        case = self._case()
        rows = [[step["step"], step["kind"], step["state_label"], f"{step['duration_s'] or 0:.2f} s"]
                for step in case["steps"]]
        self._screen.table(f"Case {case['case_id']}: {case['state_label']}", ["step", "kind", "state", "took"], rows)

    def _case(self) -> dict[str, Any]:
        return self._app.call("matter.get_case", case_id=self._case_id)

    def _wait_for_step(
        self, name: str, state: str, also: Callable[[dict[str, Any]], bool] = lambda step: True,
    ) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            step: dict[str, Any] = next(one for one in self._case()["steps"] if one["step"] == name)
            if step["state"] in ("refused", "stuck", "cancelled") and step["state"] != state:
                raise DemoFailed(name, f"step is '{step['state']}': {step['error']}")
            return step if step["state"] == state and also(step) else None

        result: dict[str, Any] = wait_for(name, f"step is '{state}'", found)
        return result
