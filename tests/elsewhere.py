"""Citizens at apps of other departments than those that keep their rows, and the copies by which they are let in."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from shared_components.kernel.calls import CallContext
from shared_components.kernel.method_rules import MethodRule
from shared_components.security.authority import NO_COPIES, KnownCopies
from shared_components.security.authority.copies import keep_copies
from tests.acting import citizen

PORTAL, CONSENTED, STRANGE = "app-portal", "app-consented", "app-strange"
CONSENTING = "sub_1"
RESOURCES = ("case", "licence", "message", "order", "receipt")


@contextmanager
def known_copies() -> Iterator[None]:
    """PORTAL is a portal, and CONSENTING has consented to CONSENTED alone; both are of another department."""
    keep_copies(KnownCopies(
        portals=frozenset({PORTAL}),
        consented=frozenset((CONSENTING, CONSENTED, resource) for resource in RESOURCES)))
    try:
        yield
    finally:
        keep_copies(NO_COPIES)


def contexts_elsewhere(rule: MethodRule | None) -> list[CallContext]:
    """Two citizens at a portal, at an app with the consent of one of them, and at one without."""
    return [
        CallContext(app, "elsewhere", department="elsewhere", rule=rule, acting=citizen(subject))
        for app in (PORTAL, CONSENTED, STRANGE) for subject in (CONSENTING, "sub_2")]


def is_let_in(context: CallContext) -> bool:
    """Whether the citizen sees what is the citizen's own in every department."""
    return context.caller == PORTAL or (context.caller == CONSENTED and context.citizen == CONSENTING)
