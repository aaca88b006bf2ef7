"""The citizen: applies, pays, follows the case, shows the permit."""
from __future__ import annotations

from typing import Any

import segno
from starlette.responses import Response

from permit_app import forms
from permit_app.pages import Visit, logged_in, moved, sent_form, show
from permit_app.platform_api import PlatformError

ENDED = frozenset({"completed", "refused", "withdrawn", "terminated"})


@logged_in("citizen")
async def cases(visit: Visit) -> Response:
    """Her cases of this matter."""
    listed = await _call(visit, "matter.list_cases", matter_code=visit.shared.settings.matter_code)
    return show(visit.request, "cases.html", visit.session, cases=listed["items"])


@logged_in("citizen")
async def apply(visit: Visit) -> Response:
    """The form, made from the matter's definition; sent, it becomes a case."""
    request, session, spoken = visit.request, visit.session, visit.language
    guide = await visit.shared.citizen.call(
        "matter.get_guide", language=spoken, matter_code=visit.shared.settings.matter_code)
    if request.method == "GET":
        return show(request, "apply.html", session, guide=guide, fields=forms.fields(guide["form"], spoken))
    given = {name: str(value) for name, value in (await sent_form(request, session)).items()}
    try:
        case_id = await _start(visit, given["op_id"], forms.values(guide["form"], given))
    except PlatformError as error:
        found = forms.fields(guide["form"], spoken, given, error.fields.get("form", error.fields))
        return show(request, "apply.html", session, error.status, guide=guide, fields=found, problem=error)
    return moved(request, session, f"/citizen/cases/{case_id}")


async def _start(visit: Visit, op_id: str, values: dict[str, Any]) -> str:
    settings = visit.shared.settings
    case = await _call(visit, "matter.start_case", f"{op_id}-start", matter_code=settings.matter_code, form=values)
    case_id = str(case["case_id"])
    await _call(visit, "matter.submit_case", f"{op_id}-submit", case_id=case_id,
                return_url=f"{settings.address}/citizen/cases/{case_id}")
    return case_id


@logged_in("citizen")
async def case(visit: Visit) -> Response:
    """One case: its timeline, and what she can do now."""
    found = await _call(visit, "matter.get_case", case_id=visit.request.path_params["case_id"])
    pay_url = next((step["result"]["pay_url"] for step in found["steps"]
                    if step["state"] == "waiting" and "pay_url" in step["result"]), "")
    return show(visit.request, "case.html", visit.session, case=found, pay_url=pay_url,
                open=found["state"] not in ENDED)


@logged_in("citizen")
async def withdraw(visit: Visit) -> Response:
    sent, case_id = await sent_form(visit.request, visit.session), visit.request.path_params["case_id"]
    await _call(visit, "matter.withdraw_case", str(sent["op_id"]), case_id=case_id)
    return moved(visit.request, visit.session, f"/citizen/cases/{case_id}")


@logged_in("citizen")
async def code(visit: Visit) -> Response:
    """A code of the newest permit, as text and as QR: it is shown once, to a shop."""
    sent, settings = await sent_form(visit.request, visit.session), visit.shared.settings
    subject = visit.session.people["citizen"]["user"]["sub"]
    held = await _call(visit, "elicence.list_by_holder", holder_subject=subject, state="issued")
    permit = next((one for one in held["items"] if one["type_code"] == settings.licence_type), None)
    if permit is None:
        return show(visit.request, "code.html", visit.session, 404, code="", qr="")
    shown = await _call(
        visit, "elicence.present", str(sent["op_id"]), licence_id=permit["licence_id"], holder_subject=subject,
        purpose="出示居住证", fields=["holder_name", "address"])
    return show(visit.request, "code.html", visit.session, code=shown["code"], expires_at=shown["expires_at"],
                qr=_qr(f"{settings.address}/shop?code={shown['code']}"))


async def _call(visit: Visit, method: str, op_id: str = "", **request: Any) -> dict[str, Any]:
    """Call the platform for her."""
    return await visit.shared.citizen.call(
        method, token=visit.token, op_id=op_id, language=visit.language, **request)


def _qr(address: str) -> str:
    """A data URL of an SVG picture."""
    return segno.make(address, error="m").svg_data_uri(scale=5, border=4)
