"""The officer: sees what waits at the desk, reads the application, decides."""
from __future__ import annotations

from typing import Any

from starlette.responses import Response

from permit_app import forms
from permit_app.pages import Visit, logged_in, moved, sent_form, show
from permit_app.platform_api import PlatformError


@logged_in("desk")
async def tasks(visit: Visit) -> Response:
    listed = await _call(visit, "matter.list_tasks")
    return show(visit.request, "tasks.html", visit.session, tasks=listed["items"])


@logged_in("desk")
async def task(visit: Visit) -> Response:
    """One task: who decides it claims it first."""
    request, session = visit.request, visit.session
    where = {"case_id": request.path_params["case_id"], "step": request.path_params["step"]}
    if request.method == "GET":
        found = await _call(visit, "matter.get_task", **where)
        return show(request, "task.html", session, task=found, fields=_fields(visit, found))
    sent = {name: str(value) for name, value in (await sent_form(request, session)).items()}
    found = await _call(visit, "matter.claim_task", f"{sent['op_id']}-claim", **where)
    try:
        await _call(visit, "matter.complete_task", sent["op_id"], **where,
                    **_decision(sent, found["decision_form"] or {}))
    except PlatformError as error:
        return show(request, "task.html", session, error.status, task=found, problem=error, reason=sent.get("reason"),
                    fields=_fields(visit, found, sent, error.fields.get("form", error.fields)))
    return moved(request, session, "/desk")


async def _call(visit: Visit, method: str, op_id: str = "", **request: Any) -> dict[str, Any]:
    """Call the platform for the officer."""
    return await visit.shared.desk.call(method, token=visit.token, op_id=op_id, language=visit.language, **request)


def _fields(visit: Visit, task: dict[str, Any], *more: Any) -> list[forms.Field]:
    return forms.fields(task["decision_form"] or {}, visit.language, *more)


def _decision(sent: dict[str, str], schema: dict[str, Any]) -> dict[str, Any]:
    reason = {"reason": sent["reason"].strip()} if sent.get("reason", "").strip() else {}
    if sent.get("decision") == "refuse":
        return {"decision": "refuse", **reason}
    return {"decision": "approve", "form": forms.values(schema, sent), **reason}
