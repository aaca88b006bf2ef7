"""Page /account/mandates: mandates that a person has given or received."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.identity.login.usecases.account import Done, Person, Shown, unknown_action
from services.identity.login.usecases.advance import AdvanceTx
from services.identity.login.usecases.begin import PAGE_LEVELS, LoginTransactions
from services.identity.login.usecases.views import ChoiceView, FactView, RowView
from services.identity.mandates.domain import states
from services.identity.mandates.usecases.answer import ByMandate, accept_mandate, refuse_mandate
from services.identity.mandates.usecases.read import GIVEN, RECEIVED, ListMandates, list_mandates
from services.identity.mandates.usecases.revoke import revoke_mandate
from services.identity.mandates.usecases.views import MandateView
from shared_components.kernel.bilingual import Bilingual, in_locale
from shared_components.kernel.method_rules import HOLDER, MethodRule

MOST = 50
ACCEPT, REFUSE, REVOKE = "accept", "refuse", "revoke"
LABELS = {
    ACCEPT: Bilingual("Accept", "接受"), REFUSE: Bilingual("Refuse", "拒绝"), REVOKE: Bilingual("Revoke", "撤销"),
}
DONE = {
    ACCEPT: Bilingual("The mandate is accepted; you may act under it now.", "已接受授权，您可以代为办理。"),
    REFUSE: Bilingual("The mandate is refused.", "已拒绝授权。"),
    REVOKE: Bilingual("The mandate has ended.", "授权已撤销，立即失效。"),
}
ACTIONS: Mapping[str, Callable[..., Any]] = {
    ACCEPT: accept_mandate, REFUSE: refuse_mandate, REVOKE: revoke_mandate}
FROM, TO = Bilingual("From {}", "委托方：{}"), Bilingual("To {}", "经办人：{}")
SCOPES, MATTERS = Bilingual("Covers", "授权范围"), Bilingual("Matters", "限定事项")
RULE = MethodRule(
    frozenset({HOLDER}), "mandate", frozenset({"principal", "agent"}), level=PAGE_LEVELS["mandates"], as_subject=True)
"""The rule of the methods that do the same for apps."""
PERIOD, NO_END = Bilingual("Period", "有效期"), Bilingual("no end", "长期")


class MandatesPage:
    """Satisfies AccountPage."""

    level = PAGE_LEVELS["mandates"]

    def show(self, tx: AdvanceTx, person: Person) -> Shown:
        rows = []
        for direction in (RECEIVED, GIVEN):
            found = list_mandates(tx, ListMandates(direction, limit=MOST), person.context._replace(rule=RULE))
            rows += [_row(each, direction, person.context.locale) for each in found.items]
        return Shown(rows)

    def act(self, transactions: LoginTransactions, person: Person, answers: Mapping[str, str]) -> Done:
        """Raises ActionUnknown, MandateNotFound, MandatePeriodInvalid, AppointmentNotAllowed, IllegalTransition."""
        action = answers.get("action", "")
        if action not in ACTIONS:
            raise unknown_action(answers, *ACTIONS)
        with transactions.begin_for({person.session.realm_id}) as tx:
            ACTIONS[action](tx, ByMandate(answers.get("id", "")), person.context._replace(rule=RULE))
        return Done(DONE[action])


def _row(mandate: MandateView, direction: str, locale: str) -> RowView:
    title = FROM.format(mandate.principal_name) if direction == RECEIVED else TO.format(mandate.agent_name)
    until = in_locale(NO_END, locale) if mandate.valid_until is None else str(mandate.valid_until)
    facts = [(SCOPES, " ".join(mandate.scopes)), (PERIOD, f"{mandate.valid_from} – {until}")]
    facts += [(MATTERS, " ".join(mandate.matters))] if mandate.matters else []
    actions = {
        states.PROPOSED: (ACCEPT, REFUSE) if direction == RECEIVED else (REVOKE,), states.ACTIVE: (REVOKE,),
    }.get(mandate.state, ())
    return RowView(
        mandate.mandate_id, in_locale(title, locale), mandate.state_label,
        [FactView(in_locale(label, locale), value) for label, value in facts],
        [ChoiceView(action, in_locale(LABELS[action], locale)) for action in actions])
