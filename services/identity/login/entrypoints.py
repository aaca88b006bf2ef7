"""Entrypoints of the login and the account: only the gateway calls them, for a browser."""
from __future__ import annotations

from collections.abc import Mapping

from services.identity.credentials.domain import errors as credential_errors
from services.identity.login import schemas
from services.identity.login.domain import errors
from services.identity.login.usecases import account, begin, commands, go_on, passkeys, views
from services.identity.login.usecases.account_sign_in import SignInPage
from services.identity.login.usecases.answers import Handling
from services.identity.login.usecases.purge import purge_logins
from services.identity.openid.domain.errors import AuthorizationRequestOver, LoginNotEnough
from services.identity.sessions.domain.errors import SessionOver, SignInRefused
from shared_components.bus import Transactions, every, rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.load_classes import VITAL
from shared_components.kernel.method_rules import RuleArguments

GATEWAY = ["gateway"]
BROWSERS: RuleArguments = {
    "basis": ["platform"], "resource": "login", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
STEP_ERRORS = [errors.LoginOver, AuthorizationRequestOver, LoginNotEnough, SessionOver, SignInRefused]
PURGE_S = 600.0


class LoginEntrypoints:
    """Methods for the pages of the login. An answer counts once: it moves the login on, and needs no operation id."""

    @rpc_method(
        request=schemas.BeginLogin, reply=schemas.Step, errors=[*STEP_ERRORS, errors.LoginTargetUnknown],
        callers=GATEWAY, own_transactions=True, **BROWSERS,
        load_class=VITAL, zh="为应用的授权请求或“我的账号”页面开始一次登录。")
    def begin_login(self, transactions: Transactions, call: Call[commands.BeginLogin]) -> views.StepView:
        """Begin a login for an app's authorization request, or for a page of the account."""
        return begin.begin_login(
            transactions, call.data, call.context, providers=_handling(transactions).sign_in.providers())

    @rpc_method(
        request=schemas.OfLogin, reply=schemas.Step, errors=STEP_ERRORS, callers=GATEWAY, own_transactions=True,
        **BROWSERS, load_class=VITAL, zh="查询登录所处的步骤。")
    def read_login(self, transactions: Transactions, call: Call[commands.OfLogin]) -> views.StepView:
        """Read the step of a login that waits for the person."""
        return go_on.read_login(transactions, _handling(transactions), call.data, call.context)

    @rpc_method(
        request=schemas.ContinueLogin, reply=schemas.Step, errors=STEP_ERRORS, callers=GATEWAY,
        own_transactions=True, **BROWSERS, load_class=VITAL, zh="提交登录步骤的回答，进入下一步或返回应用。")
    def continue_login(self, transactions: Transactions, call: Call[commands.ContinueLogin]) -> views.StepView:
        """Go on with the answer to a login's step."""
        return go_on.continue_login(transactions, _handling(transactions), call.data, call.context)

    @rpc_method(
        request=schemas.OfLogin, reply=schemas.PasskeyOptions, errors=[*STEP_ERRORS, errors.WayNotOffered],
        callers=GATEWAY, own_transactions=True, **BROWSERS,
        load_class=VITAL, zh="取得使用通行密钥登录的选项。")
    def offer_passkey(self, transactions: Transactions, call: Call[commands.OfLogin]) -> views.PasskeyOptionsView:
        """Give the options for a passkey of the browser."""
        return passkeys.offer_passkey(transactions, _handling(transactions), call.data, call.context)

    @rpc_method(
        request=schemas.ReturnFromUpstream, reply=schemas.Step, errors=STEP_ERRORS, callers=GATEWAY,
        own_transactions=True, **BROWSERS, load_class=VITAL, zh="处理外部身份提供方的返回。")
    def return_from_upstream(
        self, transactions: Transactions, call: Call[commands.ReturnFromUpstream],
    ) -> views.StepView:
        """Go on after another identity provider's answer."""
        return go_on.return_from_upstream(transactions, _handling(transactions), call.data, call.context)

    @every(seconds=PURGE_S)
    def purge_logins(self, transactions: Transactions) -> None:
        """Delete logins and browsers whose time is over."""
        purge_logins(transactions)


class AccountPageEntrypoints:
    """Methods for the pages of a person's own account."""

    @rpc_method(
        request=schemas.ReadAccount, reply=schemas.Account, errors=[errors.PageNotServed], callers=GATEWAY,
        own_transactions=True, **BROWSERS,
        zh="查询“我的账号”页面内容。")
    def read_account(self, transactions: Transactions, call: Call[commands.ReadAccount]) -> views.AccountView:
        """Read a page of the account of the browser's session."""
        transactions.refresh_copies()
        return account.read_account(transactions, _pages(transactions), call.data, call.context)

    @rpc_method(
        request=schemas.ChangeAccount, reply=schemas.Account, errors=[errors.PageNotServed], callers=GATEWAY,
        own_transactions=True,
        **BROWSERS, zh="执行“我的账号”页面上的操作。")
    def change_account(self, transactions: Transactions, call: Call[commands.ChangeAccount]) -> views.AccountView:
        """Do what a form of the account asks for."""
        transactions.refresh_copies()
        return account.change_account(transactions, _pages(transactions), call.data, call.context)

    @rpc_method(
        request=schemas.OfBrowser, reply=schemas.PasskeyOptions,
        errors=[errors.NotSignedIn, credential_errors.ConfirmationNeeded, credential_errors.PasskeysNotConfigured,
                credential_errors.TooManySignInMethods],
        callers=GATEWAY, own_transactions=True, **BROWSERS, zh="取得添加通行密钥的选项。")
    def offer_new_passkey(
        self, transactions: Transactions, call: Call[commands.OfBrowser],
    ) -> views.PasskeyOptionsView:
        """Give the options for a new passkey of the person who has the browser."""
        page: SignInPage = transactions.provider.account_pages()["sign-in"]
        person = account.person_on(transactions, page, call.data, call.context)
        return views.PasskeyOptionsView(dict(page.offer(transactions, person)))

    @rpc_method(
        request=schemas.OfBrowser, reply=schemas.SignedOut, callers=GATEWAY, own_transactions=True,
        **BROWSERS, load_class=VITAL, zh="退出登录：结束浏览器的会话。")
    def sign_out(self, transactions: Transactions, call: Call[commands.OfBrowser]) -> views.SignedOutView:
        """End the sessions of the browser."""
        return account.sign_out(transactions, call.data, call.context)


def _handling(transactions: Transactions) -> Handling:
    handling: Handling = transactions.provider.login_handling(transactions)
    return handling


def _pages(transactions: Transactions) -> Mapping[str, account.AccountPage]:
    pages: Mapping[str, account.AccountPage] = transactions.provider.account_pages()
    return pages
