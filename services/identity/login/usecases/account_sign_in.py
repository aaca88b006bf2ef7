"""Page /account/sign-in: a person's ways to sign in. Each change needs a sign-in that was made just now."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.identity.credentials.domain.credential import PASSKEY, PASSWORD, TOTP
from services.identity.credentials.domain.errors import CodeRefused, ConfirmationNeeded, PasskeyRefused
from services.identity.credentials.domain.ports import Hasher, Passkeys
from services.identity.credentials.domain.proof import CODE, Proof
from services.identity.credentials.usecases.account import (
    RemoveSignInMethod,
    SignInMethodView,
    list_sign_in_methods,
    remove_sign_in_method,
)
from services.identity.credentials.usecases.add_second_factors import (
    Confirmed,
    FinishTotp,
    NewTotp,
    begin_totp,
    finish_totp,
    make_recovery_codes,
    pending_totp,
)
from services.identity.credentials.usecases.change_password import ChangePassword, change_password
from services.identity.credentials.usecases.confirmations import Owner, confirm
from services.identity.credentials.usecases.passkeys import (
    FinishPasskey,
    begin_adding_passkey,
    finish_adding_passkey,
)
from services.identity.login.domain.errors import AnswerMissing, PasswordsDiffer
from services.identity.login.usecases.account import Done, Person, Shown, unknown_action
from services.identity.login.usecases.begin import LoginTransactions
from services.identity.login.usecases.labels import moment
from services.identity.login.usecases.views import ChoiceView, EnrolmentView, FactView, RowView
from services.identity.sessions.domain.session import Session
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual, in_locale

REMOVE, CHANGE_PASSWORD, ADD_PASSKEY = "remove", "password", "passkey"
ADD_TOTP, FINISH_TOTP, RECOVERY_CODES = "totp", "totp-code", "recovery-codes"
LONGEST_NAME = 64
KINDS = {
    PASSWORD: Bilingual("Password", "密码"), TOTP: Bilingual("Authenticator app", "身份验证器"),
    PASSKEY: Bilingual("Passkey", "通行密钥"),
}
SINCE, CHANGED = Bilingual("Since", "添加时间"), Bilingual("Changed", "修改时间")
USED = Bilingual("Last used", "最近使用")
REMOVE_IT = Bilingual("Remove", "移除")
REMOVED = Bilingual(
    "The way to sign in is removed; other sessions have ended.", "该登录方式已移除，其他登录会话已退出。")
PASSKEY_ADDED = Bilingual("The passkey is added.", "已添加通行密钥。")
TOTP_ADDED = Bilingual(
    "The authenticator app is added. Keep recovery codes for the day on which you have no phone.",
    "已添加身份验证器。请保存恢复码，以备手机不在身边时使用。")
CODES_MADE = Bilingual(
    "New recovery codes are made; earlier ones no longer count.", "已生成新的恢复码，原恢复码作废。")
RECOVERY_ROW = Bilingual("Recovery codes", "恢复码")
LEFT = Bilingual("Codes that are left", "剩余个数")
PASSWORD_CHANGED = Bilingual(
    "The password is changed; other sessions have ended.", "密码已修改，其他登录会话已退出。")


@dataclass(frozen=True, slots=True)
class SignInPage:
    """Satisfies AccountPage."""

    hasher: Hasher
    passkeys: Passkeys | None = None
    level: int = 0

    def show(self, tx: Any, person: Person) -> Shown:
        found, locale = list_sign_in_methods(tx, _owner(person)), person.context.locale
        rows = [_row(each, locale) for each in found.items]
        if found.recovery_codes:
            left = FactView(in_locale(LEFT, locale), str(found.recovery_codes))
            rows.append(RowView(RECOVERY_CODES, in_locale(RECOVERY_ROW, locale), None, [left]))
        return Shown(rows)

    def act(self, transactions: LoginTransactions, person: Person, answers: Mapping[str, str]) -> Done:
        """Raises ActionUnknown, AnswerMissing, PasswordsDiffer, and the refusals of credentials."""
        acts: Mapping[str, Callable[..., Done]] = {
            REMOVE: self._remove, CHANGE_PASSWORD: self._change_password, ADD_PASSKEY: self._add_passkey,
            ADD_TOTP: self._add_totp, FINISH_TOTP: self._finish_totp, RECOVERY_CODES: self._make_recovery_codes}
        act = acts.get(answers.get("action", ""))
        if act is None:
            raise unknown_action(answers, *acts)
        try:
            with transactions.begin_for({person.session.realm_id}) as tx:
                confirmation = _confirmed(tx, person)
        except ConfirmationNeeded:
            return Done(fresh=True)
        return act(transactions, person, answers, confirmation)

    def offer(self, transactions: LoginTransactions, person: Person) -> Mapping[str, Any]:
        """Options for a new passkey, with the id that its answer is shown with. Raises ConfirmationNeeded."""
        with transactions.begin_for({person.session.realm_id}) as tx:
            inside: Any = tx
            asked = begin_adding_passkey(inside, self.passkeys, _confirmed(tx, person), _owner(person))
        return {**asked.options, "challenge": asked.challenge_id}

    def _add_passkey(
        self, transactions: LoginTransactions, person: Person, answers: Mapping[str, str], _: str,
    ) -> Done:
        name = answers.get("name", "").strip()[:LONGEST_NAME]
        if not name:
            raise AnswerMissing(details={"field": "name"})
        command = FinishPasskey(answers.get("challenge", ""), name, browser_answer(answers.get("credential", "")))
        with transactions.begin_for({person.session.realm_id}) as tx:
            inside: Any = tx
            finish_adding_passkey(inside, self.passkeys, command, _owner(person), person.context)
        return Done(PASSKEY_ADDED)

    def _add_totp(
        self, transactions: LoginTransactions, person: Person, answers: Mapping[str, str], confirmation: str,
    ) -> Done:
        with transactions.begin_for({person.session.realm_id}) as tx:
            inside: Any = tx
            return Done(enrolment=_enrolment(begin_totp(inside, Confirmed(confirmation), _owner(person))))

    def _finish_totp(
        self, transactions: LoginTransactions, person: Person, answers: Mapping[str, str], confirmation: str,
    ) -> Done:
        """A wrong code keeps the enrolment: the person need not scan again."""
        owner = _owner(person)
        try:
            with transactions.begin_for({person.session.realm_id}) as tx:
                inside: Any = tx
                finish_totp(
                    inside, FinishTotp(confirmation, answers.get("id", ""), answers.get("code", "")), owner,
                    person.context)
        except CodeRefused:
            with transactions.begin_for({person.session.realm_id}) as tx:
                inside = tx
                waiting = pending_totp(inside, answers.get("id", ""), owner)
            return Done(enrolment=_enrolment(waiting), problem=CodeRefused(details={"field": "code"}))
        return Done(TOTP_ADDED)

    def _make_recovery_codes(
        self, transactions: LoginTransactions, person: Person, answers: Mapping[str, str], confirmation: str,
    ) -> Done:
        with transactions.begin_for({person.session.realm_id}) as tx:
            inside: Any = tx
            made = make_recovery_codes(inside, Confirmed(confirmation), _owner(person), person.context)
        return Done(CODES_MADE, codes=made.codes)

    def _remove(
        self, transactions: LoginTransactions, person: Person, answers: Mapping[str, str], confirmation: str,
    ) -> Done:
        command = RemoveSignInMethod(confirmation, answers.get("id", ""))
        with transactions.begin_for({person.session.realm_id}) as tx:
            remove_sign_in_method(tx, command, _owner(person), person.context)  # type: ignore[arg-type]
        return Done(REMOVED)

    def _change_password(
        self, transactions: Any, person: Person, answers: Mapping[str, str], confirmation: str,
    ) -> Done:
        password = answers.get("password", "")
        if not password:
            raise AnswerMissing(details={"field": "password"})
        if password != answers.get("again"):
            raise PasswordsDiffer(details={"field": "again"})
        change_password(
            transactions, self.hasher, ChangePassword(confirmation, password), _owner(person), person.context)
        return Done(PASSWORD_CHANGED)


def browser_answer(text: str) -> Mapping[str, Any]:
    """The JSON that a browser's passkey function gave. Raises PasskeyRefused."""
    try:
        response = strict_json.read(text)
    except ValueError:
        raise PasskeyRefused from None
    if not isinstance(response, dict):
        raise PasskeyRefused
    return response


def _enrolment(new: NewTotp) -> EnrolmentView:
    return EnrolmentView(new.credential_id, new.secret, new.uri)


def _confirmed(tx: Any, person: Person) -> str:
    """The confirmation for changes, from the session's own sign-in. Raises ConfirmationNeeded."""
    return confirm(tx, _owner(person), proof_of(person.session)).token


def proof_of(session: Session) -> Proof:
    """The session's last sign-in as a proof: the strongest method of it. A sent code alone proves little."""
    stronger = [method for method in session.amr if method != CODE]
    return Proof(session.subject_id, stronger[0] if stronger else CODE, session.auth_time)


def _owner(person: Person) -> Owner:
    return Owner(person.session.realm_id, person.subject.subject_id, person.session.session_id)


def _row(method: SignInMethodView, locale: str) -> RowView:
    title = in_locale(KINDS.get(method.kind, Bilingual(method.kind, method.kind)), locale)
    facts = [(SINCE, moment(method.created_at)), (CHANGED, moment(method.changed_at))]
    facts += [] if method.used_at is None else [(USED, moment(method.used_at))]
    return RowView(
        method.credential_id, f"{title}: {method.name}" if method.name else title, None,
        [FactView(in_locale(label, locale), value) for label, value in facts],
        [ChoiceView(REMOVE, in_locale(REMOVE_IT, locale))])
