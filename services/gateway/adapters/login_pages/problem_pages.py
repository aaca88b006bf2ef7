"""Errors as pages, for browsers."""
from __future__ import annotations

from starlette.responses import Response

from services.gateway.adapters.problems import headers_for, outside, title
from shared_components.kernel.errors import AppError
from shared_components.pages.presentation import Presentation
from shared_components.pages.rendering import Pages
from shared_components.pages.responses import form_page_headers


class ProblemPage:
    """Makes the page for an error, as `problem` makes the body for programs."""

    def __init__(self, pages: Pages, presentation: Presentation) -> None:
        self._pages, self._presentation = pages, presentation

    def __call__(self, error: AppError, *, base_url: str, locale: str, trace_id: str) -> Response:
        """locale: of the request; the page keeps to what its reader chose."""
        shown, mine = outside(error), self._presentation.locale
        content = self._pages.render(
            "problem.html", self._presentation, path="/", title=title(shown, mine), detail=shown.message_in(mine),
            trace_id=trace_id, code=shown.code)
        return Response(content, shown.http_status, headers={**form_page_headers(mine), **headers_for(shown)})
