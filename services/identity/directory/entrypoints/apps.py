"""Entrypoints of the directory: apps and their keys."""
from __future__ import annotations

from services.identity.directory import schemas
from services.identity.directory.domain import errors
from services.identity.directory.domain.ports import DirectoryTx
from services.identity.directory.usecases import read, views
from services.identity.directory.usecases.change_app import ChangeApp, change_app
from services.identity.directory.usecases.close_app import ByApp, close_app, freeze_app
from services.identity.directory.usecases.issue_key import IssueAppKey, issue_app_key
from services.identity.directory.usecases.production import (
    DecideProduction,
    RequestProduction,
    decide_production,
    request_production,
)
from services.identity.directory.usecases.register_app import RegisterApp, register_app
from services.identity.directory.usecases.revoke_key import RevokeAppKey, revoke_app_key
from shared_components.bus import rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.load_classes import VITAL
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView
from shared_components.kernel.states import IllegalTransition

OPERATOR = ["operator"]
SELF_SERVICE = ["gateway", "app", "operator"]
APP_ERRORS = [errors.RealmNotFound, errors.AppNotFound, errors.AppNotActive]
SELF_SERVED: RuleArguments = {
    "basis": ["own", "platform"], "resource": "app", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
ADMINISTERED: RuleArguments = {
    "basis": ["platform"], "resource": "app", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class AppEntrypoints:
    """Methods about apps: self-service, approval, off-boarding."""

    @rpc_method(
        request=schemas.RegisterApp, reply=schemas.IssuedKey,
        errors=[
            errors.RealmNotFound, errors.DepartmentNotFound, errors.DepartmentNotActive, errors.AppNameTaken,
            errors.AppTitleInvalid, errors.SelfServiceNotAllowed, errors.AppNotActive, errors.ClientInvalid],
        callers=SELF_SERVICE, mutating=True, secret_reply=True, public=True, **SELF_SERVED,
        zh="登记应用，立即发放沙箱密钥（仅显示一次）。")
    def register_app(self, tx: DirectoryTx, call: Call[RegisterApp]) -> views.IssuedKeyView:
        """Register an app; its sandbox key is shown this once."""
        return register_app(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ChangeApp, reply=schemas.App,
        errors=[
            *APP_ERRORS, errors.SelfServiceNotAllowed, errors.ProductionRequested, errors.AppTitleInvalid,
            errors.ClientInvalid],
        callers=SELF_SERVICE, mutating=True, public=True, **SELF_SERVED,
        zh="修改应用标题与设置；生产环境中的设置须重新申请后生效。")
    def change_app(self, tx: DirectoryTx, call: Call[ChangeApp]) -> views.AppView:
        """Change an app's title and settings; in production they hold after the next approval."""
        return change_app(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ByApp, reply=schemas.App, errors=APP_ERRORS, callers=SELF_SERVICE, public=True,
        **SELF_SERVED, zh="查询应用及其密钥记录（不含密钥本身）。")
    def get_app(self, tx: DirectoryTx, call: Call[ByApp]) -> views.AppView:
        """An app and what is known of its keys, without the keys."""
        return read.get_app(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ListApps, reply=schemas.AppPage, errors=[errors.RealmNotFound, errors.AppNotActive],
        callers=SELF_SERVICE, public=True, **SELF_SERVED, zh="列出调用方管理的应用。")
    def list_apps(self, tx: DirectoryTx, call: Call[read.ListApps]) -> PageView[views.AppView]:
        """Apps that the caller manages."""
        return read.list_apps(tx, call.data, call.context)

    @rpc_method(
        request=schemas.IssueAppKey, reply=schemas.IssuedKey,
        errors=[*APP_ERRORS, errors.ProductionNotApproved, errors.TooManyKeys, errors.SelfServiceNotAllowed],
        callers=SELF_SERVICE, mutating=True, secret_reply=True, public=True, **SELF_SERVED,
        zh="发放新密钥（仅显示一次）；每个环境最多两个有效密钥。")
    def issue_app_key(self, tx: DirectoryTx, call: Call[IssueAppKey]) -> views.IssuedKeyView:
        """Issue a key, shown this once; each environment has at most two that open."""
        return issue_app_key(tx, call.data, call.context)

    @rpc_method(
        request=schemas.RevokeAppKey, reply=schemas.App,
        errors=[*APP_ERRORS, errors.AppKeyNotFound, errors.SelfServiceNotAllowed, IllegalTransition],
        callers=SELF_SERVICE, mutating=True, public=True, **SELF_SERVED, load_class=VITAL, zh="吊销密钥，不可恢复。")
    def revoke_app_key(self, tx: DirectoryTx, call: Call[RevokeAppKey]) -> views.AppView:
        """Revoke a key; it never opens again."""
        return revoke_app_key(tx, call.data, call.context)

    @rpc_method(
        request=schemas.RequestProduction, reply=schemas.App,
        errors=[*APP_ERRORS, errors.SelfServiceNotAllowed, errors.ClientInvalid, IllegalTransition],
        callers=SELF_SERVICE, mutating=True,
        public=True, **SELF_SERVED, zh="申请开通生产环境；由应用所属部门审批，总入口由平台域审批。")
    def request_production(self, tx: DirectoryTx, call: Call[RequestProduction]) -> views.AppView:
        """Ask for production; the app's department decides, of portals the realm."""
        return request_production(tx, call.data, call.context)

    @rpc_method(
        request=schemas.DecideProduction, reply=schemas.App,
        errors=[*APP_ERRORS, errors.DecisionNotAllowed, IllegalTransition], callers=OPERATOR, mutating=True,
        **ADMINISTERED, zh="审批生产开通申请；申请人不得审批。")
    def decide_production(self, tx: DirectoryTx, call: Call[DecideProduction]) -> views.AppView:
        """Decide on a request for production; who asks does not approve."""
        return decide_production(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ByApp, reply=schemas.App, errors=[*APP_ERRORS, IllegalTransition], callers=OPERATOR,
        mutating=True, **ADMINISTERED, load_class=VITAL, zh="冻结应用：冻结期间其密钥均无效。")
    def freeze_app(self, tx: DirectoryTx, call: Call[ByApp]) -> views.AppView:
        """Freeze an app for a time: none of its keys opens."""
        return freeze_app(tx, call.data, call.context, frozen=True)

    @rpc_method(
        request=schemas.ByApp, reply=schemas.App, errors=[*APP_ERRORS, IllegalTransition], callers=OPERATOR,
        mutating=True, **ADMINISTERED, zh="解除冻结，应用恢复正常。")
    def unfreeze_app(self, tx: DirectoryTx, call: Call[ByApp]) -> views.AppView:
        """Make a frozen app active again."""
        return freeze_app(tx, call.data, call.context, frozen=False)

    @rpc_method(
        request=schemas.ByApp, reply=schemas.App,
        errors=[*APP_ERRORS, errors.SelfServiceNotAllowed, IllegalTransition], callers=SELF_SERVICE, mutating=True,
        public=True, **SELF_SERVED, zh="应用下线，全部密钥吊销，不可恢复。")
    def close_app(self, tx: DirectoryTx, call: Call[ByApp]) -> views.AppView:
        """Close an app with all of its keys; this is final."""
        return close_app(tx, call.data, call.context)
