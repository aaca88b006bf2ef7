"""The same call many times at once: one winner, the others its answer or a typed conflict, and never `internal`.

Every mutating method of every service is here, or in ELSEWHERE with the test that races it.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from services.identity.sandbox.population import PERSONS
from services.matter.publishing.adapters.shipped import seed
from services.notification.templates.models import TemplateRow
from shared_components.bus.server import rpc_batch
from shared_components.kernel.errors import AppError
from shared_components.kernel.numbers import complete_resident_id
from shared_components.runtime.discovery import contract_of, service_names
from tests.cases import citizen_races, credential_races, directory_races
from tests.cases.racing import Racer, racer
from tests.unit.elicence.world import DRIVING_LICENCE, TYPE_CODE, person
from tests.unit.payment.world import FEE_ITEM, UNIT_CODE

TIMES, APP = 20, "app-till"
ROOT = Path(__file__).parents[2]
DEFINITION = (ROOT / "services/matter/definitions/driving-licence-renewal.yaml").read_text(encoding="utf-8")

Make = Callable[[Racer], Mapping[str, Any]]

ELSEWHERE = {
    "identity.end_session": "tests/integration/identity/test_sessions_on_postgresql.py",
    "identity.end_other_sessions": "tests/integration/identity/test_sessions_on_postgresql.py",
    "notification.finish_job_upload": "tests/unit/notification/jobs/test_life.py",
    "notification.resume_job": "tests/unit/notification/jobs/test_life.py",
    "notification.record_receipt": "tests/unit/notification/test_texts.py",
    "payment.apply_channel_notification": "tests/integration/payment/test_postgresql.py",
    "payment.refund_order": "tests/integration/payment/test_postgresql.py",
    "payment.start_payment": "tests/integration/payment/test_behaviour.py",
    "payment.import_statement": "tests/integration/payment/test_import_on_postgresql.py",
    "payment.reconcile": "tests/integration/payment/test_matching_on_postgresql.py",
    "payment.resolve_difference": "tests/unit/payment/reconciliation/test_reconciliation.py",
    "notification.resend_webhook": "tests/unit/payment/webhooks/test_webhooks.py",
    "payment.resend_webhook": "tests/unit/payment/webhooks/test_webhooks.py",
    "payment.record_payout": "tests/integration/payment/test_books.py",
    "identity.revoke_consent": "tests/integration/identity/test_openid_on_postgresql.py",
    "matter.choose_channel": "tests/cases/example_story.py",
    "matter.bootstrap": "tests/unit/matter/test_on_bus.py",
    "matter.retry_step": "tests/unit/matter/test_matter_d.py",
    "matter.receive_callback": "tests/unit/matter/test_matter_d.py",
    "matter.claim_task": "tests/unit/matter/test_officers.py",
    "matter.release_task": "tests/unit/matter/test_officers.py",
    "matter.pause_case": "tests/unit/matter/test_steering.py",
    "matter.resume_case": "tests/unit/matter/test_steering.py",
    "matter.compensate_case": "tests/unit/matter/test_steering.py",
    "matter.run_step_now": "tests/unit/matter/test_steering.py",
    "matter.skip_step": "tests/unit/matter/test_steering.py",
    "matter.escalate_case": "tests/unit/matter/test_steering.py",
    "matter.delegate_task": "tests/unit/matter/test_steering.py",
    **{f"matter.{name}": "tests/unit/matter/test_procedure.py" for name in (
        "decide_acceptance", "extend_case", "stop_clock", "restart_clock")},
    **{f"matter.{name}": "tests/unit/matter/test_materials.py" for name in (
        "request_upload", "request_download", "remove_material", "reuse_material", "finish_upload", "take_download")},
    **{f"matter.{name}": "tests/unit/matter/test_documents.py" for name in ("request_document", "take_document")},
    **{f"matter.{name}": "tests/unit/matter/test_ratings.py" for name in (
        "rate_case", "answer_rating", "appeal_rating", "decide_appeal")},
    "matter.request_supplement": "tests/unit/matter/test_supplement.py",
    "matter.answer_supplement": "tests/unit/matter/test_supplement.py",
    "matter.complete_task": "tests/unit/matter/test_officers.py",
    **credential_races.ELSEWHERE,
}


def licence(racing: Racer) -> Any:
    racing.ask("put_type", **DRIVING_LICENCE)
    return racing.ask("issue", **issue(racing))


def issue(racing: Racer) -> Mapping[str, Any]:
    racing.ask("put_type", **DRIVING_LICENCE)
    return {"type_code": TYPE_CODE, **person(1), "valid_from": "2026-01-01", "content": {"vehicle_class": "C1"}}


def change(*before: str) -> Make:
    def make(racing: Racer) -> Mapping[str, Any]:
        wanted = {"licence_id": licence(racing)["licence_id"], "reason": "测试"}
        for method in before:
            racing.ask(method, **wanted)
        return wanted

    return make


def presentation(racing: Racer) -> Mapping[str, Any]:
    return {"licence_id": licence(racing)["licence_id"], "holder_subject": "sub_1", "purpose": "酒店入住"}


def shown_code(racing: Racer) -> Mapping[str, Any]:
    return {"code": racing.ask("present", **presentation(racing))["code"]}


def a_person(racing: Racer) -> Mapping[str, Any]:
    return {"name": "张三", "id_number": complete_resident_id("33010619900307001")}


def subject(*before: str) -> Make:
    def make(racing: Racer) -> Mapping[str, Any]:
        wanted = {"subject_id": racing.ask("register_person", **a_person(racing))["subject_id"], "reason": "测试"}
        for method in before:
            racing.ask(method, **wanted)
        return wanted

    return make


def two_subjects(racing: Racer) -> Mapping[str, Any]:
    first, second = (
        racing.ask("register_person", name=name, id_number=number)["subject_id"]
        for number, name in list(PERSONS.items())[:2])
    return {"subject_id": first, "merged_id": second, "reason": "测试"}


def evidence(racing: Racer) -> Mapping[str, Any]:
    number, name = next(iter(PERSONS.items()))
    subject_id = racing.ask("register_person", name=name, id_number=number)["subject_id"]
    return {"subject_id": subject_id, "kind": "counter-check", "data": {"counter_token": "sandbox-counter"}}


def template(channel: str) -> Mapping[str, Any]:
    return {"template_code": "paid", "channel": channel, "subject": "缴费", "body": "您好"}


def written(racing: Racer, **given: Any) -> Mapping[str, Any]:
    """A version that an app put, for operations to look at."""
    wanted = {**template("email"), **given}
    version = racing.ask("put_template", caller=APP, **wanted)["version"]
    return {"template_code": wanted["template_code"], "channel": wanted["channel"], "version": version, "app": APP}


def filing(racing: Racer) -> Mapping[str, Any]:
    racing.ask("put_template", template_code="paid", channel="sms", body="您好")
    return {"template_code": "paid", "provider": "sandbox", "provider_template_id": "SMS_1", "state": "filed"}


def sending(racing: Racer) -> Mapping[str, Any]:
    racing.ask("put_template", **template("email"))
    return {"template_code": "paid", "channel": "email", "address": "zhang@example.cn"}


def cancelling(racing: Racer) -> Mapping[str, Any]:
    return {"message_id": racing.ask("send", **sending(racing))["message_id"]}


def reading(racing: Racer) -> Mapping[str, Any]:
    racing.ask("put_template", **template("inbox"))
    return {"message_id": racing.ask(
        "send", template_code="paid", channel="inbox", recipient_subject="sub_1")["message_id"]}


def ordering(racing: Racer) -> Mapping[str, Any]:
    racing.ask("put_fee_item", **FEE_ITEM)
    return {"payer_name": "张三", "lines": [{"item_code": FEE_ITEM["item_code"]}]}


def closing(racing: Racer) -> Mapping[str, Any]:
    return {"order_id": racing.ask("create_order", **ordering(racing))["order_id"]}


def webhook(racing: Racer) -> Mapping[str, Any]:
    return {"webhook_id": racing.ask("put_webhook", url="https://hooks.example.org/")["webhook_id"]}


def notify_key(racing: Racer) -> Mapping[str, Any]:
    return {"key_id": racing.ask("create_notify_key", name="one", kind="live")["key_id"]}


def sending_by_notify(racing: Racer) -> Mapping[str, Any]:
    racing.ask("put_template", **template("email"))
    (made,) = racing.ask("list_notify_templates")["items"]
    return {**notify_key(racing), "template_id": made["template_id"], "channel": "email", "address": "li@example.cn",
            "values": {"name": "林静"}}


def a_job(racing: Racer) -> Mapping[str, Any]:
    racing.ask("put_template", **template("email"))
    return {"template_code": template("email")["template_code"], "channel": "email", "size": 9}


def job(racing: Racer) -> Mapping[str, Any]:
    return {"job_id": racing.ask("create_job", **a_job(racing))["job"]["job_id"]}


def checked(racing: Racer) -> Mapping[str, Any]:
    """A job that is being checked: it can be paused."""
    made = racing.ask("create_job", **a_job(racing))
    racing.ask("finish_job_upload", caller="gateway", ticket=made["path"].rpartition("/")[2], size=9,
               media_type="text/csv", sha256="0" * 64)
    return {"job_id": made["job"]["job_id"]}


def case(racing: Racer) -> Mapping[str, Any]:
    racing.ask("publish_definition", definition_yaml=DEFINITION, allow_missing=True)
    form = dict(seed()["example"]["form"])
    return {"matter_code": "driving-licence-renewal", "applicant_subject": "sub_1", "form": form}


def started(racing: Racer) -> Mapping[str, Any]:
    return {"case_id": racing.ask("start_case", **case(racing))["case_id"]}


RACES: Mapping[str, Make] = {
    "elicence.put_type": lambda racing: DRIVING_LICENCE,
    "elicence.issue": issue,
    "elicence.suspend": change(),
    "elicence.resume": change("suspend"),
    "elicence.revoke": change(),
    "elicence.cancel": change(),
    "elicence.withdraw": change(),
    "elicence.transfer_out": change(),
    "elicence.present": presentation,
    "elicence.verify": shown_code,
    "identity.register_person": a_person,
    "identity.register_organisation": lambda racing: {"name": "示范公司", "credit_code": UNIT_CODE},
    "identity.freeze_subject": subject(),
    "identity.unfreeze_subject": subject("freeze_subject"),
    "identity.close_subject": subject(),
    "identity.merge_subjects": two_subjects,
    "identity.add_evidence": evidence,
    "notification.put_template": lambda racing: template("email"),
    "notification.approve_template": written,
    "notification.file_template": filing,
    "notification.send": sending,
    "notification.cancel": cancelling,
    "notification.mark_read": reading,
    "notification.create_job": a_job,
    "notification.pause_job": checked,
    "notification.cancel_job": job,
    "notification.put_webhook": lambda racing: {"url": "https://hooks.example.org/"},
    "notification.remove_webhook": webhook,
    "notification.create_notify_key": lambda racing: {"name": "one", "kind": "live"},
    "notification.revoke_notify_key": notify_key,
    "notification.send_by_notify": sending_by_notify,
    "payment.put_fee_item": lambda racing: FEE_ITEM,
    "payment.create_order": ordering,
    "payment.close_order": closing,
    "payment.put_receipt_range": lambda racing: {
        "collecting_unit": UNIT_CODE, "bill_code": "33010126", "first_number": 1, "last_number": 1000},
    "payment.put_webhook": lambda racing: {"url": "https://hooks.example.org/"},
    "payment.remove_webhook": webhook,
    "payment.close_day": lambda racing: {"business_day": "2026-01-05"},
    "matter.publish_definition": lambda racing: {"definition_yaml": DEFINITION, "allow_missing": True},
    "matter.start_case": case,
    "matter.save_form": lambda racing: {**started(racing), "form": dict(seed()["example"]["form"])},
    "matter.submit_case": started,
    "matter.withdraw_case": started,
    **directory_races.RACES,
    **citizen_races.RACES,
    **credential_races.RACES,
}
CONFLICTS = (400, 404, 409, 412)
"""What a loser may hear: that it is there already, gone, or changed. Never 500, and never 503: nothing was down."""


@cache
def mutating() -> list[str]:
    return [
        f"{service}.{method.name}" for service in service_names() for method in contract_of(service).methods.values()
        if method.mutating
    ]


def test_every_mutating_method_is_raced_somewhere() -> None:
    assert sorted([*RACES, *ELSEWHERE]) == sorted(mutating())
    assert all((ROOT / file).exists() for file in ELSEWHERE.values())


@pytest.fixture
def racing(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Racer]:
    configuration = tmp_path / "zhongtai.yaml"
    hooks = {"webhooks": {"hosts": ["hooks.example.org"]}}
    carrier = {"base_url": "http://127.0.0.1:9", "account": "synthetic", "secret": "synthetic-carrier-secret",
               "notify_url": "http://127.0.0.1:9/callbacks/notification/sandbox"}
    settings = {"services": {"payment": hooks, "notification": {**hooks, "sms": {"sandbox": carrier}}}}
    configuration.write_text(yaml.safe_dump(settings), encoding="utf-8")
    monkeypatch.setenv("ZHONGTAI_CONFIG", str(configuration))
    service = str(request.node.callspec.params["target"]).partition(".")[0]
    with racer(service, database_url, tmp_path) as racing:
        yield racing


# A confirmation is good for one change: who comes after it is asked to confirm anew.
ALSO_HEARD = {"identity.finish_totp": {"identity.confirmation-needed"}}


@pytest.mark.parametrize("target", RACES)
def test_of_many_at_once_one_wins_and_the_others_hear_a_typed_answer(racing: Racer, target: str) -> None:
    method = target.partition(".")[2]
    outcomes = racing.race(method, RACES[target](racing), times=TIMES)
    won = [outcome for outcome in outcomes if not isinstance(outcome, AppError)]
    lost = [outcome for outcome in outcomes if isinstance(outcome, AppError)]
    assert won
    assert {error.code for error in lost if error.http_status not in CONFLICTS} <= ALSO_HEARD.get(target, set())


@pytest.mark.parametrize("target", RACES)
def test_one_operation_many_times_at_once_has_one_answer(racing: Racer, target: str) -> None:
    service, _, method = target.partition(".")
    outcomes = racing.race(method, RACES[target](racing), times=TIMES // 2, op_id="op-once")
    errors = [outcome.code for outcome in outcomes if isinstance(outcome, AppError)]
    if contract_of(service).methods[method].secret_reply:  # the first caller alone gets it
        assert errors == ["bus.reply-not-kept"] * (TIMES // 2 - 1)
    else:
        assert errors == []
        assert all(outcome == outcomes[0] for outcome in outcomes)


@pytest.mark.parametrize("target", ["notification.put_template", "elicence.put_type", "matter.publish_definition"])
def test_the_same_text_put_many_times_at_once_is_one_version(racing: Racer, target: str) -> None:
    outcomes = racing.race(target.partition(".")[2], RACES[target](racing), times=TIMES)
    assert {outcome["version"] for outcome in outcomes} == {1}


@pytest.mark.parametrize("target", ["notification.put_template", "payment.put_fee_item"])
def test_different_texts_put_at_once_are_versions_without_a_gap(racing: Racer, target: str) -> None:
    field = {"notification.put_template": "body", "payment.put_fee_item": "name"}[target]
    each = [{**RACES[target](racing), field: f"第{number}版"} for number in range(TIMES)]
    outcomes = racing.outcomes(target.partition(".")[2], each)
    assert sorted(outcome["version"] for outcome in outcomes) == list(range(1, TIMES + 1))


@pytest.mark.parametrize("target", ["notification.approve_template"])
def test_versions_approved_at_once_leave_the_newest_in_force_and_each_its_first_approval(
    racing: Racer, target: str
) -> None:
    each = [written(racing, body=f"第{number}版") for number in range(TIMES // 4)]
    outcomes = racing.outcomes(target.partition(".")[2], each * 4)
    assert len({(outcome["version"], outcome["approved_at"]) for outcome in outcomes}) == len(each)
    with racing.transaction() as tx:
        in_force = select(TemplateRow.version).where(TemplateRow.in_force)
        assert tx.templates._session.scalars(in_force).all() == [len(each)]


@pytest.mark.parametrize("target", ["notification.put_template"])
def test_a_key_that_stays_taken_is_a_conflict_in_the_end(
    racing: Racer, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it comes about: a unique key that is violated at each try is no bug of the caller's to see as 500."""
    from services.notification.templates.adapters.templates import SqlTemplates

    racing.ask("put_template", **template("email"))
    monkeypatch.setattr(SqlTemplates, "newest_alone", lambda self, context, key: None)
    monkeypatch.setattr(rpc_batch, "LONGEST_PAUSE_S", 0.0)
    (outcome,) = racing.outcomes("put_template", [{**template("email"), "body": "另一版"}])
    assert (outcome.code, outcome.http_status) == ("db.key-taken", 409)
    assert "paid" not in outcome.message
