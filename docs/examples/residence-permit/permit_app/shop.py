"""The shop: scans or types a code, and learns whether the permit is good. Nobody logs in: the shop's app asks."""
from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from permit_app.pages import parts, sent_form, show
from permit_app.texts import language


async def shop(request: Request) -> Response:
    """A scanned address fills the code in; the button asks, because a code works once."""
    shared = parts(request)
    session = shared.sessions.of(request)
    if request.method == "GET":
        return show(request, "shop.html", session, code=request.query_params.get("code", ""), verdict=None)
    sent = await sent_form(request, session)
    typed = str(sent.get("code", "")).strip()
    verdict = await shared.shop.call(
        "elicence.verify", op_id=str(sent["op_id"]), language=language(request), code=typed or "-",
        purpose="出示居住证")
    return show(request, "shop.html", session, code="", verdict=verdict)
