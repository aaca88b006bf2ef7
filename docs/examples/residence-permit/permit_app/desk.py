"""The officer: sees what waits at the desk, reads the application, decides."""
from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from permit_app import forms
from permit_app.pages import login_first, moved, parts, sent_form, show
from permit_app.platform_api import PlatformError
from permit_app.texts import language


async def tasks(request: Request) -> Response:
    shared = parts(request)
    session = shared.sessions.of(request)
    if not (token := await shared.logins["desk"].token(session)):
        return login_first(request, session, "desk")
    listed = await shared.desk.call("matter.list_tasks", token=token, language=language(request))
    return show(request, "tasks.html", session, tasks=listed["items"])


async def task(request: Request) -> Response:
    """One task: who opens it claims it; then it is decided."""
    shared = parts(request)
    session = shared.sessions.of(request)
    if not (token := await shared.logins["desk"].token(session)):
        return login_first(request, session, "desk")
    where = {"case_id": request.path_params["case_id"], "step": request.path_params["step"]}
    spoken = language(request)
    if request.method == "GET":
        found = await shared.desk.call("matter.get_task", token=token, language=spoken, **where)
        return show(request, "task.html", session, task=found, fields=_fields(found, spoken))
    sent = {name: str(value) for name, value in (await sent_form(request, session)).items()}
    found = await shared.desk.call(
        "matter.claim_task", token=token, op_id=f"{sent['op_id']}-claim", language=spoken, **where)
    try:
        await shared.desk.call(
            "matter.complete_task", token=token, op_id=sent["op_id"], language=spoken, **where,
            **_decision(sent, found["decision_form"] or {}))
    except PlatformError as error:
        return show(request, "task.html", session, error.status, task=found, problem=error, reason=sent.get("reason"),
                    fields=_fields(found, spoken, sent, error.fields.get("form", error.fields)))
    return moved(request, session, "/desk")


def _fields(task: dict[str, Any], spoken: str, *more: Any) -> list[forms.Field]:
    return forms.fields(task["decision_form"] or {}, spoken, *more)


def _decision(sent: dict[str, str], schema: dict[str, Any]) -> dict[str, Any]:
    reason = {"reason": sent["reason"].strip()} if sent.get("reason", "").strip() else {}
    if sent.get("decision") == "refuse":
        return {"decision": "refuse", **reason}
    return {"decision": "approve", "form": forms.values(schema, sent), **reason}
