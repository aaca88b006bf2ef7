"""Methods by which a person adds an authenticator app or a passkey."""
from __future__ import annotations

from services.identity.credentials import schemas
from services.identity.credentials.domain import errors
from services.identity.credentials.entrypoints.account import CHANGE_ERRORS, OWN, PERSONS, owner_in
from services.identity.credentials.usecases import account, add_second_factors, passkeys
from shared_components.bus import Transactions, rpc_method
from shared_components.kernel.calls import Call


class AddingEntrypoints:
    """Methods about new sign-in methods of one's own."""

    @rpc_method(
        request=schemas.Confirmed, reply=schemas.NewTotp, errors=CHANGE_ERRORS, callers=PERSONS, mutating=True,
        own_transactions=True, secret_reply=True, public=True, **OWN,
        zh="开始启用动态口令，返回密钥；输入首个口令后生效。")
    def begin_totp(
        self, transactions: Transactions, call: Call[add_second_factors.Confirmed],
    ) -> add_second_factors.NewTotp:
        """Make a secret for an authenticator app; it counts once its first code was shown."""
        owner = owner_in(transactions, call.context)
        with transactions.begin(owner.population) as tx:
            return add_second_factors.begin_totp(tx, call.data, owner)

    @rpc_method(
        request=schemas.FinishTotp, reply=schemas.Changed, callers=PERSONS, mutating=True,
        errors=[*CHANGE_ERRORS, errors.SignInMethodNotFound, errors.CodeRefused], own_transactions=True, public=True,
        **OWN, zh="输入首个动态口令，完成启用；原动态口令作废。")
    def finish_totp(
        self, transactions: Transactions, call: Call[add_second_factors.FinishTotp],
    ) -> add_second_factors.AddedTotp:
        """Let an authenticator app count, in place of an earlier one."""
        owner = owner_in(transactions, call.context)
        with transactions.begin(owner.population) as tx:
            return add_second_factors.finish_totp(tx, call.data, owner, call.context)

    @rpc_method(
        request=schemas.Confirmed, reply=schemas.PasskeyOptions, callers=PERSONS, mutating=True,
        errors=[*CHANGE_ERRORS, errors.PasskeysNotConfigured, errors.TooManySignInMethods], own_transactions=True,
        public=True, **OWN, zh="开始添加通行密钥，返回浏览器所需参数。")
    def begin_adding_passkey(
        self, transactions: Transactions, call: Call[add_second_factors.Confirmed],
    ) -> passkeys.PasskeyOptions:
        """Options for the browser's `navigator.credentials.create`."""
        owner = owner_in(transactions, call.context)
        with transactions.begin(owner.population) as tx:
            return passkeys.begin_adding_passkey(
                tx, transactions.provider.passkeys, call.data.confirmation, owner)

    @rpc_method(
        request=schemas.FinishPasskey, reply=schemas.SignInMethod, callers=PERSONS, mutating=True,
        errors=[errors.ActingForAnother, errors.PasskeysNotConfigured, errors.PasskeyRefused], own_transactions=True,
        public=True, **OWN, zh="提交浏览器返回的结果，完成添加通行密钥。")
    def finish_adding_passkey(
        self, transactions: Transactions, call: Call[passkeys.FinishPasskey],
    ) -> account.SignInMethodView:
        """Add the passkey that the browser has made."""
        owner = owner_in(transactions, call.context)
        with transactions.begin(owner.population) as tx:
            return account.view(passkeys.finish_adding_passkey(
                tx, transactions.provider.passkeys, call.data, owner, call.context))

    @rpc_method(
        request=schemas.NameSignInMethod, reply=schemas.SignInMethod, callers=PERSONS, mutating=True,
        errors=[errors.ActingForAnother, errors.SignInMethodNotFound], own_transactions=True, public=True, **OWN,
        zh="为通行密钥命名。")
    def name_sign_in_method(
        self, transactions: Transactions, call: Call[account.NameSignInMethod],
    ) -> account.SignInMethodView:
        """Give a passkey a name by which the person knows it again."""
        owner = owner_in(transactions, call.context)
        with transactions.begin(owner.population) as tx:
            return account.name_sign_in_method(tx, call.data, owner)
