"""The citizen: applies, pays, follows the case, shows the permit."""
from __future__ import annotations

from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import Response

from permit_app import forms
from permit_app.pages import login_first, moved, parts, sent_form, show
from permit_app.platform_api import PlatformError
from permit_app.texts import language

ENDED = frozenset({"completed", "refused", "withdrawn", "terminated"})


async def cases(request: Request) -> Response:
    """Her cases of this matter."""
    shared = parts(request)
    session = shared.sessions.of(request)
    if not (token := await shared.logins["citizen"].token(session)):
        return login_first(request, session, "citizen")
    listed = await shared.citizen.call(
        "matter.list_cases", token=token, language=language(request), matter_code=shared.settings.matter_code)
    return show(request, "cases.html", session, cases=listed["items"])


async def apply(request: Request) -> Response:
    """The form, made from the matter's definition; sent, it becomes a case."""
    shared = parts(request)
    session = shared.sessions.of(request)
    if not (token := await shared.logins["citizen"].token(session)):
        return login_first(request, session, "citizen")
    spoken = language(request)
    guide = await shared.citizen.call("matter.get_guide", language=spoken, matter_code=shared.settings.matter_code)
    if request.method == "GET":
        return show(request, "apply.html", session, guide=guide, fields=forms.fields(guide["form"], spoken))
    sent = await sent_form(request, session)
    given = {name: str(value) for name, value in sent.items()}
    try:
        case_id = await _start(request, token, given, forms.values(guide["form"], given))
    except PlatformError as error:
        found = forms.fields(guide["form"], spoken, given, error.fields.get("form", error.fields))
        return show(request, "apply.html", session, error.status, guide=guide, fields=found, problem=error)
    return moved(request, session, f"/citizen/cases/{case_id}")


async def _start(request: Request, token: str, given: dict[str, str], values: dict[str, Any]) -> str:
    shared, op_id = parts(request), given["op_id"]
    case = await shared.citizen.call(
        "matter.start_case", token=token, op_id=f"{op_id}-start", language=language(request),
        matter_code=shared.settings.matter_code, form=values)
    case_id = str(case["case_id"])
    await shared.citizen.call(
        "matter.submit_case", token=token, op_id=f"{op_id}-submit", language=language(request), case_id=case_id,
        return_url=f"{shared.settings.address}/citizen/cases/{case_id}")
    return case_id


async def case(request: Request) -> Response:
    """One case: its timeline, and what she can do now."""
    shared = parts(request)
    session = shared.sessions.of(request)
    if not (token := await shared.logins["citizen"].token(session)):
        return login_first(request, session, "citizen")
    found = await shared.citizen.call(
        "matter.get_case", token=token, language=language(request), case_id=request.path_params["case_id"])
    pay_url = next((step["result"]["pay_url"] for step in found["steps"]
                    if step["state"] == "waiting" and "pay_url" in step["result"]), "")
    return show(request, "case.html", session, case=found, pay_url=pay_url, open=found["state"] not in ENDED)


async def withdraw(request: Request) -> Response:
    shared = parts(request)
    session = shared.sessions.of(request)
    if not (token := await shared.logins["citizen"].token(session)):
        return login_first(request, session, "citizen")
    sent = await sent_form(request, session)
    case_id = request.path_params["case_id"]
    await shared.citizen.call("matter.withdraw_case", token=token, op_id=str(sent["op_id"]), case_id=case_id)
    return moved(request, session, f"/citizen/cases/{case_id}")


async def code(request: Request) -> Response:
    """A code of the newest permit, as text and as QR: it is shown once, to a shop."""
    shared = parts(request)
    session = shared.sessions.of(request)
    if not (token := await shared.logins["citizen"].token(session)):
        return login_first(request, session, "citizen")
    sent = await sent_form(request, session)
    subject = session.people["citizen"]["user"]["sub"]
    held = await shared.citizen.call(
        "elicence.list_by_holder", token=token, holder_subject=subject, state="issued")
    permit = next((one for one in held["items"] if one["type_code"] == shared.settings.licence_type), None)
    if permit is None:
        return show(request, "code.html", session, 404, code="", qr="")
    shown = await shared.citizen.call(
        "elicence.present", token=token, op_id=str(sent["op_id"]), language=language(request),
        licence_id=permit["licence_id"], holder_subject=subject, purpose="出示居住证",
        fields=["holder_name", "address"])
    return show(request, "code.html", session, code=shown["code"], expires_at=shown["expires_at"],
                qr=_qr(f"{shared.settings.address}/shop?code={shown['code']}"))


def _qr(address: str) -> str:
    """A data URL of an SVG picture."""
    return segno.make(address, error="m").svg_data_uri(scale=5, border=4)
