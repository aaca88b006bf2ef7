"""Pages of the account: second factors are enrolled, personal data corrected, copies fetched."""
from __future__ import annotations

import base64
import json
from datetime import timedelta

import pyotp
import pytest

from services.identity.login.usecases.views import AccountView, EnrolmentView
from services.identity.privacy.domain import states
from services.identity.privacy.usecases.submit import finish
from shared_components.kernel.calls import CallContext
from tests.unit.identity.login.test_login import NUMBER, signed_in
from tests.unit.identity.login.world import Browser, Logins
from tests.unit.identity.openid.world import SANDBOX


def enrolment(view: AccountView) -> EnrolmentView:
    assert view.enrolment is not None, view
    return view.enrolment


def code_of(logins: Logins, new: EnrolmentView) -> str:
    return pyotp.TOTP(new.secret).at(logins.clock.now())


def test_an_authenticator_app_counts_once_a_code_was_shown(logins: Logins) -> None:
    browser = signed_in(logins)
    new = enrolment(browser.act("sign-in", action="totp"))
    assert new.secret in new.uri
    assert [row.title for row in browser.account("sign-in").rows] == ["Password"], "it waits for its code"
    done = browser.act("sign-in", action="totp-code", id=new.credential_id, code=code_of(logins, new))
    assert (done.enrolment, done.errors) == (None, [])
    assert done.notice is not None and "authenticator app is added" in done.notice
    assert [row.title for row in done.rows] == ["Password", "Authenticator app"]
    logins.wait(minutes=1)
    second = logins.browser("second")
    second.begin()
    assert second.sign_in(NUMBER).page == "totp"


def test_a_wrong_code_keeps_the_key_that_was_scanned(logins: Logins) -> None:
    browser = signed_in(logins)
    new = enrolment(browser.act("sign-in", action="totp"))
    wrong = browser.act("sign-in", action="totp-code", id=new.credential_id, code="000000")
    assert (enrolment(wrong).secret, [each.field for each in wrong.errors]) == (new.secret, ["code"])
    assert not browser.act(
        "sign-in", action="totp-code", id=new.credential_id, code=code_of(logins, new)).errors


def test_the_key_of_somebody_else_is_not_shown(logins: Logins) -> None:
    browser = signed_in(logins)
    browser.act("sign-in", action="totp")
    other = browser.act("sign-in", action="totp-code", id="crd_of_another", code="000000")
    assert (other.enrolment, len(other.errors)) == (None, 1)


def test_recovery_codes_are_shown_once_and_counted(logins: Logins) -> None:
    browser = signed_in(logins)
    made = browser.act("sign-in", action="recovery-codes")
    assert len(set(made.codes)) == 10
    again = browser.account("sign-in")
    assert list(again.codes) == []
    (row,) = [row for row in again.rows if row.title == "Recovery codes"]
    assert [fact.value for fact in row.facts] == ["10"]
    assert all(code not in repr(made) for code in made.codes)


@pytest.mark.parametrize("action", ["totp", "recovery-codes"])
def test_second_factors_need_a_sign_in_that_was_made_just_now(logins: Logins, action: str) -> None:
    browser = signed_in(logins)
    logins.wait(minutes=6)
    assert browser.act("sign-in", action=action).location == "/login?target=sign-in&fresh=1"


def strong(logins: Logins) -> Browser:
    """A person at level 3, who may make requests."""
    browser = signed_in(logins)
    browser.begin_account("requests")
    browser.answer(way="evidence:proof-of-presence")
    browser.answer(token="sandbox-present")
    browser.answer(way="code")
    assert browser.answer(code=browser.code()).location == "/account/requests"
    return browser


def facts(view: AccountView) -> dict[str, str]:
    return {fact.label: fact.value for fact in view.rows[0].facts}


def test_a_correction_shows_what_is_asked_by_when_and_why_it_was_refused(logins: Logins) -> None:
    browser = strong(logins)
    page = browser.act("requests", action="request", kind="correct", name="林静怡", mobile="-", text="See my card")
    assert page.errors == []
    told = facts(page)
    assert told["To be corrected"] == "mobile number, name"
    assert "林静怡" not in str(page.rows), "values are shown to nobody here"
    with logins.served.begin(SANDBOX) as tx:
        request = tx.personal_requests.lock(page.rows[0].id)
        assert request.corrections == {"name": "林静怡", "mobile": None}
        finish(tx, request, states.REFUSED, CallContext("operator", SANDBOX, op_id="op-9"), by="sub_officer",
               reason="The card has another name.")
    told = facts(browser.account("requests"))
    assert told["Reason"] == "The card has another name."
    assert {"Made", "Due", "Answered"} <= set(told)


@pytest.mark.parametrize(("given", "field"), [
    ({}, "name"), ({"mobile": "12"}, "mobile"), ({"email": "nobody"}, "email"), ({"name": "x" * 201}, "name")])
def test_a_correction_that_cannot_be_is_told_at_its_field(logins: Logins, given: dict[str, str], field: str) -> None:
    page = strong(logins).act("requests", action="request", kind="correct", **given)
    assert [each.field for each in page.errors] == [field]
    assert page.rows == []


def test_fields_of_a_correction_count_for_corrections_alone(logins: Logins) -> None:
    assert strong(logins).act("requests", action="request", kind="copy", name="x").errors == []


def test_a_copy_is_fetched_with_and_without_its_signature_while_it_is_kept(logins: Logins) -> None:
    browser = strong(logins)
    page = browser.act("requests", action="request", kind="copy")
    row = page.rows[0]
    assert [each.value for each in row.actions] == ["document", "signed-copy"]
    plain, signed = (browser.act("requests", action=each.value, id=row.id).file for each in row.actions)
    assert plain is not None and signed is not None
    document = base64.b64decode(plain.content)
    assert json.loads(document)["subject"]["id_number"] == NUMBER
    envelope = json.loads(base64.b64decode(signed.content))
    assert base64.b64decode(envelope["document"]) == document
    with logins.served.begin(SANDBOX) as tx:
        again, key_id, signature = tx.personal_copies.seal(json.loads(document))
    assert (again, key_id, base64.b64encode(signature).decode()) == (
        document, envelope["key_id"], envelope["signature"])
    assert NUMBER not in repr(plain)
    logins.clock.advance(timedelta(days=31))
    with logins.served.begin(SANDBOX) as tx:
        assert tx.personal_copies.kept(tx.personal_requests.lock(row.id).subject_id, logins.clock.now()) == {}


def test_a_copy_of_somebody_else_is_not_given(logins: Logins) -> None:
    browser = strong(logins)
    refused = browser.act("requests", action="document", id="pir_of_another")
    assert (refused.file, len(refused.errors)) == (None, 1)
