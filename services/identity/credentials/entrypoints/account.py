"""Methods by which a person manages their own sign-in methods."""
from __future__ import annotations

from services.identity.credentials import schemas
from services.identity.credentials.domain import errors
from services.identity.credentials.usecases import account, add_second_factors
from services.identity.credentials.usecases import change_password as passwords
from services.identity.credentials.usecases import confirm_identity as confirming
from services.identity.credentials.usecases.codes import CodeSent, send_code_to
from services.identity.credentials.usecases.confirmations import Confirmation, Owner, owner_of
from services.identity.credentials.usecases.own_population import population_of
from shared_components.bus import Transactions, rpc_method
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.method_rules import RuleArguments

PERSONS = ["gateway", "app"]
OWN: RuleArguments = {
    "basis": ["holder"], "resource": "credential", "about": ["subject"], "roles": [], "level": 1,
    "as_subject": True, "discloses": True, "composable": False,
}
CHANGE_ERRORS = [errors.ActingForAnother, errors.ConfirmationNeeded]


def owner_in(transactions: Transactions, context: CallContext) -> Owner:
    """The acting person, in the population of the calling app's realm."""
    with transactions.begin(context.tenant) as tx:
        return owner_of(context, population_of(tx, context))


class AccountEntrypoints:
    """Methods about one's own sign-in methods; each change needs a fresh proof."""

    @rpc_method(
        request=schemas.Nothing, reply=schemas.SignInMethods, errors=[errors.ActingForAnother], callers=PERSONS,
        own_transactions=True, public=True, **OWN, zh="查询本人的登录方式。")
    def list_sign_in_methods(
        self, transactions: Transactions, call: Call[account.ListSignInMethods],
    ) -> account.SignInMethodsView:
        """The acting person's sign-in methods, without their secrets."""
        owner = owner_in(transactions, call.context)
        with transactions.begin(owner.population) as tx:
            return account.list_sign_in_methods(tx, owner)

    @rpc_method(
        request=schemas.Nothing, reply=schemas.CodeSent, errors=[errors.ActingForAnother, errors.TooManyCodes],
        callers=PERSONS, mutating=True, own_transactions=True, public=True, **OWN,
        zh="向本人已登记的联系方式发送验证码，用于重新验证身份。")
    def send_confirmation_code(
        self, transactions: Transactions, call: Call[confirming.SendConfirmationCode],
    ) -> CodeSent:
        """Send a code to the acting person's own contact."""
        owner = owner_in(transactions, call.context)
        with transactions.begin(owner.population) as tx:
            return send_code_to(tx, owner.population, owner.subject_id, owner.session_id)

    @rpc_method(
        request=schemas.ConfirmIdentity, reply=schemas.Confirmation, callers=PERSONS, mutating=True,
        errors=[errors.ActingForAnother, errors.SignInRefused, errors.CodeRefused, errors.TooManyAttempts,
                errors.HashingBusy, errors.GuardianConsentNeeded, errors.ConfirmationNeeded],
        own_transactions=True, secret_reply=True, public=True, **OWN,
        zh="重新验证身份，取得五分钟内有效的确认凭据，用于变更登录方式。")
    def confirm_identity(
        self, transactions: Transactions, call: Call[confirming.ConfirmIdentity],
    ) -> Confirmation:
        """Prove again that it is the person; the token allows changes for five minutes, in this session."""
        owner = owner_in(transactions, call.context)
        return confirming.confirm_identity(
            transactions, transactions.provider.hasher, call.data, owner, call.context)

    @rpc_method(
        request=schemas.ChangePassword, reply=schemas.Changed, callers=PERSONS, mutating=True,
        errors=[*CHANGE_ERRORS, errors.PasswordNotAllowed, errors.HashingBusy], own_transactions=True, public=True,
        **OWN, zh="设置或修改密码；修改后其他登录退出。")
    def change_password(
        self, transactions: Transactions, call: Call[passwords.ChangePassword],
    ) -> passwords.Changed:
        """Set or change the password; other sessions end when there was one."""
        owner = owner_in(transactions, call.context)
        return passwords.change_password(
            transactions, transactions.provider.hasher, call.data, owner, call.context)

    @rpc_method(
        request=schemas.SetUsername, reply=schemas.SignInMethods, callers=PERSONS, mutating=True,
        errors=[*CHANGE_ERRORS, errors.UsernameNotAllowed, errors.UsernameTaken], own_transactions=True, public=True,
        **OWN, zh="设置或修改用户名。")
    def set_username(
        self, transactions: Transactions, call: Call[account.SetUsername],
    ) -> account.SignInMethodsView:
        """Choose a username, in place of the one before."""
        owner = owner_in(transactions, call.context)
        with transactions.begin(owner.population) as tx:
            return account.set_username(tx, call.data, owner, call.context)

    @rpc_method(
        request=schemas.RemoveSignInMethod, reply=schemas.SignInMethods, callers=PERSONS, mutating=True,
        errors=[*CHANGE_ERRORS, errors.SignInMethodNotFound, errors.LastSignInMethod], own_transactions=True,
        public=True, **OWN, zh="移除一种登录方式，其他登录退出。")
    def remove_sign_in_method(
        self, transactions: Transactions, call: Call[account.RemoveSignInMethod],
    ) -> account.SignInMethodsView:
        """Remove a sign-in method; other sessions end."""
        owner = owner_in(transactions, call.context)
        with transactions.begin(owner.population) as tx:
            return account.remove_sign_in_method(tx, call.data, owner, call.context)

    @rpc_method(
        request=schemas.Confirmed, reply=schemas.RecoveryCodes, errors=CHANGE_ERRORS, callers=PERSONS, mutating=True,
        own_transactions=True, secret_reply=True, public=True, **OWN, zh="生成新的恢复码，原恢复码作废。")
    def make_recovery_codes(
        self, transactions: Transactions, call: Call[add_second_factors.Confirmed],
    ) -> add_second_factors.RecoveryCodes:
        """Make recovery codes; earlier ones count no more. They are shown once."""
        owner = owner_in(transactions, call.context)
        with transactions.begin(owner.population) as tx:
            return add_second_factors.make_recovery_codes(tx, call.data, owner, call.context)
