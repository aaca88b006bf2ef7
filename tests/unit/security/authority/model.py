"""A slow and obvious model of the decision: each way in is a list of conditions, all of which must hold."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shared_components.kernel.acting import Acting
from shared_components.kernel.calls import CallContext
from shared_components.kernel.method_rules import MethodRule
from shared_components.security.authority import Facts, KnownCopies


@dataclass(frozen=True)
class Question:
    context: CallContext
    rule: MethodRule
    facts: Facts
    copies: KnownCopies


Condition = Callable[[Question], bool]


def acting(question: Question) -> Acting:
    assert question.context.acting is not None
    return question.context.acting


def nobody_acts(question: Question) -> bool:
    return question.context.acting is None and not question.rule.as_subject


def app_calls(question: Question) -> bool:
    return question.context.caller.startswith("app-")


def service_calls(question: Question) -> bool:
    return not app_calls(question) and not question.context.caller.startswith("outside-")


def department_keeps_it(question: Question) -> bool:
    return app_calls(question) and question.facts.tenant == question.context.department


def row_is_of_another_department(question: Question) -> bool:
    return not department_keeps_it(question)


def app_made_it_or_nobody_did(question: Question) -> bool:
    return question.facts.made_by in (None, question.context.caller, "gateway") or not app_calls(question)


def app_made_it(question: Question) -> bool:
    return app_calls(question) and question.facts.made_by == question.context.caller


def session_lives(question: Question) -> bool:
    """And what it gave the app, the app, and the officer's membership."""
    person, copies = acting(question), question.copies
    return (person.session not in copies.ended_sessions and person.grant not in copies.ended_sessions
            and question.context.caller not in copies.closed_apps
            and (person.subject, person.department) not in copies.left)


def level_is_enough(question: Question) -> bool:
    return acting(question).level >= question.rule.level


def citizen_acts(question: Question) -> bool:
    return question.context.acting is not None and acting(question).kind == "citizen"


def officer_acts(question: Question) -> bool:
    return question.context.acting is not None and acting(question).kind == "officer" and not question.rule.as_subject


def role_allows(question: Question) -> bool:
    return any(role in question.rule.roles for role in acting(question).roles)


def officers_department_keeps_it(question: Question) -> bool:
    return acting(question).department == question.facts.tenant


def app_is_the_departments_or_a_console(question: Question) -> bool:
    if not app_calls(question):
        return True
    same = question.context.department == acting(question).department
    return same or question.context.caller in question.copies.consoles


def scopes_cover_it(question: Question) -> bool:
    wanted = {question.rule.resource, question.facts.resource} - {""}
    return any(scope in wanted for scope in acting(question).scopes)


def row_names_the_holder(question: Question) -> bool:
    who = acting(question).principal or acting(question).subject
    return any(role in question.rule.about and subject == who for role, subject in question.facts.subjects.items())


def mandate_covers_it(question: Question) -> bool:
    """Without a principal there is nothing to cover, and no mandate."""
    principal, mandate = acting(question).principal, acting(question).mandate
    if principal is None or mandate is None:
        return principal is None and mandate is None
    amount = question.facts.amount_minor
    return all((
        mandate.mandate_id in question.copies.live_mandates,
        any(scope in {question.rule.resource, question.facts.resource} - {""} for scope in mandate.scopes),
        not mandate.matters or question.facts.matter in mandate.matters,
        mandate.limit_minor is None or amount is None or amount <= mandate.limit_minor,
    ))


def holder_lets_the_app(question: Question) -> bool:
    who = acting(question).principal or acting(question).subject
    app = question.context.caller
    return (department_keeps_it(question) or app in question.copies.portals
            or (who, app, question.rule.resource) in question.copies.consented)


def tenant_is_meant(question: Question) -> bool:
    return question.facts.tenant == question.context.tenant


def key_is_registered(question: Question) -> bool:
    return question.context.caller == f"outside-{question.facts.registered_for}"


CITIZEN_ALWAYS: tuple[Condition, ...] = (
    citizen_acts, session_lives, level_is_enough, scopes_cover_it, row_names_the_holder, mandate_covers_it)
OFFICER_ALWAYS: tuple[Condition, ...] = (
    officer_acts, session_lives, level_is_enough, role_allows, officers_department_keeps_it,
    app_is_the_departments_or_a_console)
WAYS: tuple[tuple[str, str, tuple[Condition, ...]], ...] = (
    ("own, app alone", "own", (nobody_acts, department_keeps_it, app_made_it_or_nobody_did)),
    ("own, with a citizen", "own", (*CITIZEN_ALWAYS, department_keeps_it, app_made_it_or_nobody_did)),
    ("own, with an officer", "own", OFFICER_ALWAYS),
    ("own, made elsewhere", "own", (nobody_acts, app_made_it, row_is_of_another_department)),
    ("holder", "holder", (*CITIZEN_ALWAYS, holder_lets_the_app)),
    ("platform", "platform", (nobody_acts, service_calls, tenant_is_meant)),
    ("outside", "outside", (nobody_acts, key_is_registered)),
)
"""Name, basis, conditions of each way that is built, without `public`."""


def allowed(question: Question) -> set[str]:
    """Names of the ways that are open; `public` counts only after the method's own conditions."""
    open_ways = {
        name for name, basis, conditions in WAYS
        if basis in question.rule.basis and all(condition(question) for condition in conditions)
    }
    if "public" in question.rule.basis and _public_is_open(question):
        open_ways.add("public")
    return open_ways


def _public_is_open(question: Question) -> bool:
    if question.context.acting is None:
        return not question.rule.as_subject
    if not (session_lives(question) and level_is_enough(question)):
        return False
    if not question.rule.as_subject:
        return True
    return all((
        citizen_acts(question), question.rule.about, covers_the_kind(question), mandate_lives(question)))


def covers_the_kind(question: Question) -> bool:
    kind = question.rule.resource
    return any(scope == kind or scope.startswith(f"{kind}:") for scope in acting(question).scopes)


def mandate_lives(question: Question) -> bool:
    principal, mandate = acting(question).principal, acting(question).mandate
    if principal is None or mandate is None:
        return principal is None and mandate is None
    kind = question.rule.resource
    return mandate.mandate_id in question.copies.live_mandates and any(
        scope == kind or scope.startswith(f"{kind}:") for scope in mandate.scopes)
