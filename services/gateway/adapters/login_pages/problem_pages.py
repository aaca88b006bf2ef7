"""Errors as pages, for browsers."""
from __future__ import annotations

import random

from starlette.responses import Response

from services.gateway.adapters.login_pages.texts import CHINESE_TEXTS
from services.gateway.adapters.problems import RETRY_AFTER, headers_for, outside, title
from shared_components.kernel.errors import AppError, TooManyRequests, Unavailable
from shared_components.pages.presentation import Presentation, presentation_of
from shared_components.pages.rendering import Pages
from shared_components.pages.responses import form_page_headers

OWN_PAGES = "services.gateway.adapters.login_pages"
LEAST_REFRESH_S, MOST_REFRESH_S, SPREAD_S = 5, 60, 5


class ProblemPage:
    """Makes the page for an error, as `problem` makes the body for programs."""

    def __init__(self, pages: Pages, presentation: Presentation, *, safe: bool = False) -> None:
        """safe: the request changes nothing, so a browser that waits may ask again by itself."""
        self._pages, self._presentation, self._safe = pages, presentation, safe

    def __call__(self, error: AppError, *, base_url: str, locale: str, trace_id: str) -> Response:
        """locale: of the request; the page keeps to what its reader chose."""
        shown, mine = outside(error), self._presentation.locale
        headers = {**form_page_headers(mine), **headers_for(shown)}
        wait_s = int(headers[RETRY_AFTER]) if isinstance(shown, Unavailable | TooManyRequests) else 0
        if wait_s and self._safe:
            # Not all at the same moment: whoever waits was refused in the same second.
            headers["Refresh"] = str(min(max(wait_s, LEAST_REFRESH_S), MOST_REFRESH_S) + random.randint(0, SPREAD_S))
        content = self._pages.render(
            "problem.html", self._presentation, path="/", title=title(shown, mine), detail=shown.message_in(mine),
            trace_id=trace_id, code=shown.code, wait_s=wait_s, asks_again="Refresh" in headers)
        return Response(content, shown.http_status, headers=headers)


class WaitingPages:
    """Makes the page of browsers that the gateway has no room for now, whatever address they ask for."""

    def __init__(self) -> None:
        self._pages = Pages(OWN_PAGES, chinese=CHINESE_TEXTS)

    def of(self, *, method: str, accept: str, accept_language: str | None) -> ProblemPage | None:
        """None for a program, which gets problem details."""
        if "text/html" not in accept:
            return None
        return ProblemPage(self._pages, presentation_of({}, accept_language), safe=method == "GET")
