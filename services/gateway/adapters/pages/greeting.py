"""`/`: what runs, and what to try next."""
from __future__ import annotations

from collections.abc import Sequence

from services.gateway.adapters.html import Html, page, tag
from services.gateway.adapters.operations import Operations
from services.gateway.domain.apps import DEMO_KEY


def greeting(operations: Operations, *, base_url: str, ready: bool, demo: bool, probes: Sequence[str]) -> Html:
    """demo: whether the demo app's key works here. probes: where those look who run it."""
    rows = [
        tag("tr", tag("td", tag("a", one.service, href=f"/docs#{one.service}")), tag("td", one.version),
            tag("td", str(len(operations.of(one.service)))), tag("td", one.summary))
        for one in operations.contracts
    ]
    return page(
        "zhongtai",
        tag("h1", "zhongtai 中台"),
        tag("p", "Reusable components for government applications: who people are, what they hold, what they pay, "
            "what they are told, and the matters that put these together."),
        tag("p", "State: ", tag("strong", "ready" if ready else "not ready", class_="good" if ready else "bad"), " (",
            tag("a", "/ready", href="/ready"), " says why)"),
        tag("h2", "What is here"),
        tag("table", tag("thead", tag("tr", *(tag("th", head) for head in (
            "service", "contract", "public methods", "what it is for")))), tag("tbody", rows)),
        tag("h2", "What to try next"),
        *_try(base_url, demo),
        tag("ul",
            tag("li", tag("a", "Documentation", href="/docs"), ": every method with its fields and errors, and a form "
                "to try it"),
            tag("li", tag("a", "OpenAPI 3.1", href="/openapi.json"), ": to generate a client in any language"),
            tag("li", tag("a", "Error codes", href="/docs/errors")),
            tag("li", tag("code", "zhongtai demo"), ": one government matter from its first step to its last"),
            tag("li", *[part for path in probes for part in (tag("a", path, href=path), " ")], "for those who run it")),
    )


def _try(base_url: str, demo: bool) -> list[Html]:
    key = DEMO_KEY if demo else "<your app's key>"
    command = (
        f"curl {base_url}/v1/matter/list-matters \\\n"
        f"  -H 'Authorization: Bearer {key}' \\\n  -H 'Content-Type: application/json' -d '{{}}'")
    text = f"A first call{', with the key of the demo app' if demo else ''}:"
    return [tag("p", text), tag("pre", tag("code", command))]
