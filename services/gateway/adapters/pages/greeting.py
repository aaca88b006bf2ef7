"""`/`: what runs, and what to try next."""
from __future__ import annotations

from collections.abc import Sequence

from services.gateway.adapters.operations import Operations
from services.gateway.adapters.texts import say, summary
from services.gateway.domain.apps import DEMO_KEY
from shared_components.pages.presentation import Presentation
from shared_components.pages.rendering import Pages


def greeting(
    pages: Pages, operations: Operations, presentation: Presentation, *, base_url: str, ready: bool, demo: bool,
    probes: Sequence[str],
) -> str:
    """demo: whether the demo app's key works here. probes: addresses for those who run the platform."""
    services = [
        (one.service, one.version, len(operations.of(one.service)), summary(one, presentation.language))
        for one in operations.contracts]
    key = DEMO_KEY if demo else say("<your app's key>", presentation.language)
    return pages.render(
        "greeting.html", presentation, path="/", services=services, ready=ready, demo=demo, probes=probes,
        command=_first_call(base_url, key))


def _first_call(base_url: str, key: str) -> str:
    return (
        f"curl {base_url}/v1/matter/list-matters \\\n"
        f"  -H 'Authorization: Bearer {key}' \\\n  -H 'Content-Type: application/json' -d '{{}}'")
