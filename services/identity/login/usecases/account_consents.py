"""Page /account/consents: what a person lets apps see and do, and its withdrawal."""
from __future__ import annotations

from collections.abc import Mapping

from services.identity.login.usecases.account import Done, Person, Shown, unknown_action
from services.identity.login.usecases.advance import AdvanceTx
from services.identity.login.usecases.begin import LoginTransactions
from services.identity.login.usecases.labels import moment
from services.identity.login.usecases.views import ChoiceView, FactView, RowView
from services.identity.openid.usecases.manage_consents import (
    ConsentView,
    ListConsents,
    RevokeConsent,
    list_consents,
    revoke_consent,
)
from shared_components.kernel.bilingual import Bilingual, in_locale

REVOKE = "revoke"
MOST = 100
WITHDRAWN = Bilingual(
    "The consent is withdrawn; the app's access has ended.", "授权已撤回，该应用的访问权限随即失效。")
MAY, SINCE = Bilingual("May", "授权内容"), Bilingual("Since", "授权时间")
WITHDRAW = Bilingual("Withdraw", "撤回授权")


class ConsentsPage:
    """Satisfies AccountPage. One row for each app."""

    level = 0

    def show(self, tx: AdvanceTx, person: Person) -> Shown:
        by_app: dict[str, list[ConsentView]] = {}
        for each in list_consents(tx, ListConsents(limit=MOST), person.context).items:
            by_app.setdefault(each.app, []).append(each)
        return Shown([_row(tx, app, found, person.context.locale) for app, found in by_app.items()])

    def act(self, transactions: LoginTransactions, person: Person, answers: Mapping[str, str]) -> Done:
        """Raises ActionUnknown, ConsentNotFound."""
        if answers.get("action") != REVOKE:
            raise unknown_action(answers, REVOKE)
        with transactions.begin_for({person.session.realm_id}) as tx:
            revoke_consent(tx, RevokeConsent(answers.get("id", "")), person.context)
        return Done(WITHDRAWN)


def _row(tx: AdvanceTx, app: str, found: list[ConsentView], locale: str) -> RowView:
    client = tx.clients.find(app)
    joint = "；" if locale.startswith("zh") else "; "
    facts = [(MAY, joint.join(each.scope_title for each in found)),
             (SINCE, moment(min(each.given_at for each in found)))]
    return RowView(
        app, client.app.title if client is not None else app, None,
        [FactView(in_locale(label, locale), value) for label, value in facts],
        [ChoiceView(REVOKE, in_locale(WITHDRAW, locale))])
