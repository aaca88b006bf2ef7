"""Page /account/sessions: a person's sessions, and their end."""
from __future__ import annotations

from collections.abc import Mapping

from services.identity.login.usecases.account import BY_PERSON, Done, Person, Shown, unknown_action
from services.identity.login.usecases.advance import AdvanceTx
from services.identity.login.usecases.begin import LoginTransactions
from services.identity.login.usecases.labels import moment
from services.identity.login.usecases.views import ChoiceView, FactView, RowView
from services.identity.sessions.domain.errors import SessionNotFound
from services.identity.sessions.domain.session import Session
from services.identity.sessions.usecases.end_session import end_session
from shared_components.kernel.bilingual import Bilingual, in_locale

END = "end"
MOST = 100
THIS = Bilingual("This browser", "本浏览器")
OTHER = Bilingual("Another browser or app", "其他浏览器或应用")
ENDED = Bilingual(
    "The session has ended, in all apps that you used through it.", "会话已结束，通过该会话使用的各应用均已退出。")
OPENED_AT, USED_AT = Bilingual("Signed in", "登录时间"), Bilingual("Last used", "最近使用")
LEVEL, METHODS = Bilingual("Assurance level", "实名等级"), Bilingual("Signed in by", "登录方式")
END_IT = Bilingual("End the session", "结束会话")
METHOD_LABELS = {
    "pwd": Bilingual("password", "密码"), "otp": Bilingual("one-time code", "验证码"),
    "hwk": Bilingual("passkey", "通行密钥"), "swk": Bilingual("passkey", "通行密钥"),
    "ext": Bilingual("another identity provider", "外部身份认证"),
}


class SessionsPage:
    """Satisfies AccountPage."""

    level = 0

    def show(self, tx: AdvanceTx, person: Person) -> Shown:
        found = tx.sessions.page(person.subject.subject_id, before=None, limit=MOST, at=tx.clock.now())
        return Shown([_row(each, person) for each in found])

    def act(self, transactions: LoginTransactions, person: Person, answers: Mapping[str, str]) -> Done:
        """Raises ActionUnknown, SessionNotFound."""
        if answers.get("action") != END:
            raise unknown_action(answers, END)
        with transactions.begin_for({person.session.realm_id}) as tx:
            session = tx.sessions.get(answers.get("id", ""))
            if session is None or session.subject_id != person.subject.subject_id:
                raise SessionNotFound
            end_session(tx, session.session_id, BY_PERSON, person.context)
        return Done(ENDED)


def _row(session: Session, person: Person) -> RowView:
    locale = person.context.locale
    joint = "、" if locale.startswith("zh") else ", "
    methods = joint.join(dict.fromkeys(
        in_locale(METHOD_LABELS.get(method, Bilingual(method, method)), locale) for method in session.amr))
    here = session.session_id == person.session.session_id
    facts = [
        (OPENED_AT, moment(session.opened_at)), (USED_AT, moment(session.used_at)), (LEVEL, str(session.level)),
        (METHODS, methods)]
    return RowView(
        session.session_id, in_locale(THIS if here else OTHER, locale), session.device,
        [FactView(in_locale(label, locale), value) for label, value in facts],
        [ChoiceView(END, in_locale(END_IT, locale))])
