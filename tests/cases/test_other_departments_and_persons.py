"""S6, short: no call sees or changes what is another department's or another person's, in shared messages."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cases.portal_reads import AT_A_PORTAL
from tests.faults.experiments.s06_other_departments import OPENED_BY_PERMITS, crossed_by_service

# Nothing that belongs to somebody is named in their requests.
NAMES_NOTHING = {
    "elicence.put_type", "identity.add_department", "identity.appoint_agent", "identity.change_credit_code",
    "identity.close_department", "identity.end_membership", "identity.find_subject", "identity.get_department",
    "identity.list_directory_changes", "identity.merge_department", "identity.move_department",
    "identity.prove_representation", "identity.register_app", "identity.register_organisation",
    "identity.register_person", "identity.remove_upstream_link", "identity.rename_department",
    "identity.submit_personal_request", "matter.publish_definition", "matter.start_case",
    "notification.create_job", "notification.create_notify_key",
    "notification.put_template", "notification.record_receipt",
    "payment.apply_channel_notification", "payment.close_day", "payment.create_order",
    "payment.get_account_statement", "payment.get_settlement", "payment.import_statement", "payment.put_fee_item",
    "payment.put_receipt_range", "payment.reconcile", "payment.record_payout", "payment.resolve_difference",
}
# They act on the session's own person, or on what a secret of the browser names, and take none of the ids tried here:
# tests/unit/identity (credentials, login, sessions) tries those of others.
OF_OWN_LOGIN = {
    "identity.agree_for_child", "identity.begin_adding_passkey", "identity.begin_totp", "identity.change_account",
    "identity.change_password", "identity.confirm_identity", "identity.continue_login", "identity.end_session",
    "identity.finish_adding_passkey", "identity.finish_totp", "identity.introspect_token",
    "identity.make_recovery_codes", "identity.name_sign_in_method", "identity.offer_new_passkey",
    "identity.offer_passkey", "identity.read_account", "identity.read_login", "identity.remove_sign_in_method",
    "identity.return_from_upstream", "identity.revoke_for_child", "identity.set_username", "identity.sign_out",
}
# The story has no case with a file, a document or a rating, and no job with a file: test_apps_reach_only_their_own
# tries those of another app; a job's ticket names nothing else (tests/unit/notification/jobs).
OF_FILES_AND_RATINGS = {
    f"matter.{name}" for name in (
        "answer_rating", "appeal_rating", "decide_appeal", "finish_upload", "open_upload",
        "take_document", "take_download")
} | {"notification.open_job_upload", "notification.finish_job_upload"}
PUBLIC = {
    "elicence.list_types", "elicence.verify", "identity.list_levels", "matter.get_guide", "matter.list_matters",
    "payment.list_channels", "payment.list_fee_items", "payment.verify_receipt",
}


def story(folder: Path, database_url: str, off: str = "") -> Any:
    """In a process of its own, since eventlet patches the whole of one."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.cases.departments_story", "inproc://", database_url,
               str(folder), off]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("departments")
    return story(folder, f"sqlite:///{folder / 'zhongtai.db'}")


def test_no_stranger_sees_or_changes_anything(seen: Any) -> None:
    assert seen["through"] == []
    assert seen["changed"] == []


def test_every_method_was_tried_with_every_id_beside_the_owners_own_calls(seen: Any) -> None:
    assert set(seen["methods"]) - set(seen["reached"]) == NAMES_NOTHING | OF_OWN_LOGIN | OF_FILES_AND_RATINGS | PUBLIC
    assert seen["requests"] > 900 and seen["shared"] > 3


def test_holder_portal_and_officer_get_what_they_may(seen: Any) -> None:
    assert [what for what, allowed in seen["allowed"].items() if not allowed] == []


def test_what_a_portal_gets_for_the_citizen_and_nothing_else_is_recorded_for_its_owner(seen: Any) -> None:
    assert seen["uses of strangers"] == []
    at_the_portal = {f"elicence.{name}" for name in ("get", "list_by_holder")} | {*AT_A_PORTAL}
    assert {tuple(use) for use in seen["uses"]} == {
        *((method, "default", "holder", True) for method in at_the_portal),
        ("elicence.verify", "default", "public", True), ("identity.list_mandates", "default", "holder", True)}


def test_refusals_are_recorded_for_the_owner_of_what_was_asked_for(seen: Any) -> None:
    refused = {tuple(one) for one in seen["refusals"]}
    for service in ("elicence", "identity", "matter", "notification", "payment"):
        assert (service, "default", "authority.not-found") in refused, service


def test_a_survivor_of_a_merge_reads_in_every_service_what_was_the_merged_subjects(seen: Any) -> None:
    """The story waits until each of them is seen."""
    assert seen["merged"] == {"hidden before": True}


def test_over_amqp_a_token_counts_for_its_app_and_its_citizen_and_a_stated_subject_for_nothing(seen: Any) -> None:
    assert seen["by token"] == {
        "own": "licence", "of another app": "unauthenticated/security.token-invalid",
        "of another citizen": "not-found/elicence.licence-not-found", "a subject": "forbidden/bus.context-not-allowed",
    }


@pytest.mark.slow
def test_without_permits_strangers_get_through(tmp_path: Path) -> None:
    crossed = crossed_by_service(story(tmp_path, f"sqlite:///{tmp_path / 'zhongtai.db'}", "permits")["through"])
    assert min(crossed[service] for service in OPENED_BY_PERMITS) > 5
