"""Shows a step of a login as a page."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.gateway.adapters.login_pages.browsers import BROWSER, BrowserCookies, csrf_token, origin_of
from services.gateway.adapters.login_pages.texts import CHINESE_TEXTS
from shared_components.pages.presentation import Presentation, presentation_of
from shared_components.pages.rendering import FieldProblem, NavigationLink, Pages
from shared_components.pages.responses import form_page_headers

OWN_PAGES = "services.gateway.adapters.login_pages"
ACCOUNT_NAVIGATION = (
    NavigationLink("/account/sessions", "Sessions"), NavigationLink("/account/mandates", "Mandates"),
    NavigationLink("/account/consents", "Consents to apps"), NavigationLink("/account/sign-in", "Ways to sign in"),
    NavigationLink("/account/requests", "Requests about personal information"),
)
TEMPLATES = {
    "identifier": "identifier.html", "password": "password.html", "code": "code.html", "totp": "totp.html",
    "step-up": "step_up.html", "presence": "presence.html", "officer-role": "officer_role.html",
    "choose-principal": "principal.html", "consent": "consent.html",
}
"""Page of a step → its template."""
SEE_OTHER, UNPROCESSABLE = 303, 422
Step = Mapping[str, Any]


def login_path(interaction: str) -> str:
    return f"/login/{interaction}"


class StepPages:
    """Answers with what identity said of a login: a page, or a redirect."""

    def __init__(self, cookies: BrowserCookies) -> None:
        self._cookies = cookies
        self.login = Pages(OWN_PAGES, chinese=CHINESE_TEXTS)
        self.account = Pages(OWN_PAGES, chinese=CHINESE_TEXTS, navigation=ACCOUNT_NAVIGATION)

    def shown(self, step: Step, presentation: Presentation, *, secret: str) -> Response:
        """The page of a step that waits for the person. secret: of the browser, for the form's token."""
        path = login_path(step["interaction"])
        problems = [FieldProblem(each["field"], each["message"]) for each in step["errors"]]
        content = self.login.render(
            TEMPLATES[step["page"]], presentation, path=path, problems=problems, step=step,
            errors={each.field: each.text for each in problems}, csrf=csrf_token(secret, path),
            action=presentation.link(path), passkey_options=f"{path}/passkey")
        leads_to = [origin_of(step["leads_to"])] if step["leads_to"] else []
        return Response(
            content, UNPROCESSABLE if problems else 200,
            headers=form_page_headers(presentation.locale, leads_to=leads_to))

    def gone_on(self, step: Step, presentation: Presentation) -> Response:
        """A redirect to the login's next page, or out of it; a new secret is set."""
        location = step["location"] or presentation.link(login_path(step["interaction"]))
        answer = redirect(location)
        self._cookies.set(answer, {BROWSER: step["new_browser"]})
        return answer


def redirect(location: str) -> Response:
    return RedirectResponse(location, SEE_OTHER, {"Cache-Control": "no-store"})


def presentation_for(request: Request, *, language: str | None = None) -> Presentation:
    """The reader's choices. language: what the app asked for (`ui_locales`), unless the reader has chosen."""
    found = presentation_of(request.query_params, request.headers.get("accept-language"))
    if found.language_chosen or language not in ("zh", "en"):
        return found
    return Presentation("zh" if language == "zh" else "en", True, found.elder)
