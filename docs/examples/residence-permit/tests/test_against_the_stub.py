"""The app against a stub that answers from the platform's contracts: each request that the app sends is checked."""
from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parents[1]))

from permit_app.app import make_app
from permit_app.sessions import COOKIE, Session
from permit_app.settings import AppKey, Settings

SETTINGS = Settings(
    "", "http://testserver", AppKey("c", "k1"), AppKey("d", "k2"), AppKey("s", "k3"), "residence-permit", "T")
FORM = {
    "type": "object", "required": ["address"],
    "properties": {"address": {"type": "string", "title": {"zh": "地址", "en": "Address"}}}}


@pytest.fixture
def browser(zhongtai_stub: Any) -> Iterator[TestClient]:
    """A browser in which a citizen and an officer are logged in; the platform is the stub."""
    app = make_app(replace(SETTINGS, platform=zhongtai_stub.http_url))
    session, token = Session(), {"access_token": "t", "expires_at": time.time() + 3600}
    session.people = {role: {"token": token, "user": {"sub": "sub_1"}} for role in ("citizen", "desk")}
    app.state.parts.sessions.renew(session)
    with TestClient(app, follow_redirects=False) as client:
        client.cookies.set(COOKIE, session.id)
        yield client


def send(browser: TestClient, page: str, to: str, **more: str) -> Any:
    """The form of a page, filled in and sent."""
    hidden = dict(re.findall(r'name="(form_token|op_id)" value="([^"]+)"', browser.get(page).text))
    return browser.post(to, data={**hidden, **more})


def test_a_citizen_applies_follows_and_withdraws(browser: TestClient, zhongtai_stub: Any) -> None:
    zhongtai_stub.stub("matter.get_guide").returns(form=FORM)
    sent = send(browser, "/citizen/apply", "/citizen/apply", address="湖滨路1号")
    assert sent.status_code == 303, sent.text
    (started,) = zhongtai_stub.calls("matter.start_case")
    (submitted,) = zhongtai_stub.calls("matter.submit_case")
    assert started.request["form"] == {"address": "湖滨路1号"}
    assert started.op_id and submitted.op_id == started.op_id.removesuffix("-start") + "-submit"
    followed = browser.get(sent.headers["location"])
    assert followed.status_code == 200
    assert send(browser, sent.headers["location"], f"{sent.headers['location']}/withdraw").status_code == 303
    assert [call.code for call in zhongtai_stub.calls("matter.withdraw_case")] == ["ok"]


def test_a_refusal_is_shown_in_the_platform_s_words(browser: TestClient, zhongtai_stub: Any) -> None:
    zhongtai_stub.stub("matter.get_guide").returns(form=FORM)
    zhongtai_stub.stub("matter.submit_case").fails("matter.materials-missing")
    sent = send(browser, "/citizen/apply", "/citizen/apply", address="湖滨路1号")
    assert sent.status_code >= 400 and "湖滨路1号" in sent.text


def test_a_citizen_shows_the_permit_and_a_shop_verifies_it(browser: TestClient, zhongtai_stub: Any) -> None:
    held = zhongtai_stub.stub("elicence.list_by_holder").example()["items"][0]
    zhongtai_stub.stub("elicence.list_by_holder").returns(items=[{**held, "type_code": SETTINGS.licence_type}])
    shown = send(browser, "/citizen", "/citizen/code")
    assert shown.status_code == 200 and "data:image/svg+xml" in shown.text
    assert send(browser, "/shop", "/shop", code="AB12").status_code == 200
    assert [call.request["code"] for call in zhongtai_stub.calls("elicence.verify")] == ["AB12"]


def test_an_officer_decides(browser: TestClient, zhongtai_stub: Any) -> None:
    assert browser.get("/desk").status_code == 200
    sent = send(browser, "/desk/case_1/review", "/desk/case_1/review", decision="refuse", reason="材料不齐")
    assert sent.status_code == 303, sent.text
    (done,) = zhongtai_stub.calls("matter.complete_task")
    assert (done.request["decision"], done.request["reason"]) == ("refuse", "材料不齐")
