"""Requests and replies about apps and their keys."""
from __future__ import annotations

from marshmallow import fields, validate

from services.identity.directory.domain.app import KINDS
from services.identity.directory.domain.realm import ENVIRONMENTS
from services.identity.directory.schemas.fields import (
    APP,
    APP_TEXT,
    DEPARTMENT_TEXT,
    ENVIRONMENT_TEXT,
    ID,
    NAME,
    SUBJECT_TEXT,
    calls_per_s,
    in_flight,
    scopes,
)
from services.identity.directory.schemas.login import (
    client_type,
    jwks,
    post_logout_redirect_uris,
    redirect_uris,
    sensitive_scopes,
)
from services.identity.directory.usecases import (
    change_app,
    close_app,
    issue_key,
    production,
    read,
    register_app,
    revoke_key,
)
from shared_components.contracts import Message, PageReply, PageRequest, SubjectId, text
from shared_components.contracts.base import SECRET

KIND_TEXT = text(
    "department, portal (an entrance for citizens to all departments) or officer (a console of officers).",
    "类别：department 部门应用，portal 面向群众的总入口，officer 工作人员端。")
TITLE_TEXT = text("The app's title for people.", "应用标题，供人阅读。")
KEY_ID_TEXT = text("The key's id, such as key_…; it is no secret.", "密钥编号（key_ 开头），不是密钥本身。")
TENANT_TEXT = text("The tenant id whose data the app works on.", "应用所处理数据的租户编号。")


class ByApp(Message):
    command = close_app.ByApp
    app = fields.String(required=True, validate=ID, metadata=APP_TEXT)


class RegisterApp(Message):
    command = register_app.RegisterApp
    app = fields.String(required=True, validate=APP, metadata=APP_TEXT)
    title = fields.String(required=True, validate=NAME, metadata=TITLE_TEXT)
    department_id = fields.String(allow_none=True, validate=ID, metadata=text(
        "The department of the app; an officers' console leaves it out: its own.",
        "应用所属部门；工作人员端应用登记时不填，即本部门。"))
    kind = fields.String(load_default="department", validate=validate.OneOf(KINDS), metadata=KIND_TEXT)
    scopes = scopes(load_default=lambda: ["*"])
    in_flight = in_flight()
    calls_per_s = calls_per_s()
    redirect_uris = redirect_uris()
    post_logout_redirect_uris = post_logout_redirect_uris()
    client_type = client_type()
    jwks = jwks()
    sensitive_scopes = sensitive_scopes()


class ChangeApp(Message):
    command = change_app.ChangeApp
    app = fields.String(required=True, validate=ID, metadata=APP_TEXT)
    title = fields.String(required=True, validate=NAME, metadata=TITLE_TEXT)
    scopes = scopes(required=True)
    in_flight = in_flight()
    calls_per_s = calls_per_s()
    redirect_uris = redirect_uris()
    post_logout_redirect_uris = post_logout_redirect_uris()
    client_type = client_type()
    jwks = jwks()
    sensitive_scopes = sensitive_scopes()


class IssueAppKey(Message):
    command = issue_key.IssueAppKey
    app = fields.String(required=True, validate=ID, metadata=APP_TEXT)
    environment = fields.String(required=True, validate=validate.OneOf(ENVIRONMENTS), metadata=ENVIRONMENT_TEXT)


class RevokeAppKey(Message):
    command = revoke_key.RevokeAppKey
    app = fields.String(required=True, validate=ID, metadata=APP_TEXT)
    key_id = fields.String(required=True, validate=ID, metadata=KEY_ID_TEXT)


class RequestProduction(Message):
    command = production.RequestProduction
    app = fields.String(required=True, validate=ID, metadata=APP_TEXT)
    officer_id = SubjectId(allow_none=True, validate=ID, metadata=text(
        "The subject id of the officer who asks; only operators state it.", "申请人的主体编号；仅运维人员填写。"))


class DecideProduction(Message):
    command = production.DecideProduction
    app = fields.String(required=True, validate=ID, metadata=APP_TEXT)
    officer_id = SubjectId(required=True, validate=ID, metadata=SUBJECT_TEXT)
    approve = fields.Boolean(required=True, metadata=text(
        "true approves, false refuses; what was approved before stays.", "true 批准，false 不批准；此前批准的仍有效。"))
    reason = fields.String(required=True, validate=validate.Length(1, 200), metadata=text(
        "Why, up to 200 characters without personal data; it is kept in the history.",
        "理由，200 字以内，不得含个人信息；留存备查。"))


class ListApps(PageRequest):
    command = read.ListApps
    department_id = fields.String(allow_none=True, validate=ID, metadata=text(
        "Only apps of this department.", "只列出该部门的应用。"))


class IssuedKey(Message):
    app = fields.String(metadata=APP_TEXT)
    environment = fields.String(metadata=ENVIRONMENT_TEXT)
    key_id = fields.String(metadata=KEY_ID_TEXT)
    key = fields.String(metadata=text(
        "The key. It is shown this once and stored nowhere; keep it as a password.",
        "应用密钥，仅显示这一次，平台不留存；请按密码保管。", data_class=SECRET))


class Access(Message):
    scopes = scopes()
    in_flight = in_flight()
    calls_per_s = calls_per_s()
    redirect_uris = redirect_uris()
    post_logout_redirect_uris = post_logout_redirect_uris()
    client_type = client_type()
    jwks = jwks()
    sensitive_scopes = sensitive_scopes()


class AppKey(Message):
    key_id = fields.String(metadata=KEY_ID_TEXT)
    environment = fields.String(metadata=ENVIRONMENT_TEXT)
    state = fields.String(metadata=text("active or revoked.", "状态：active 有效，revoked 已吊销。"))
    created_at = fields.AwareDateTime(metadata=text("When the key was made, UTC.", "密钥生成时间（UTC）。"))
    revoked_at = fields.AwareDateTime(allow_none=True, metadata=text(
        "When the key was revoked, UTC; null while it opens.", "密钥吊销时间（UTC）；有效时为 null。"))


class App(Message):
    app = fields.String(metadata=APP_TEXT)
    sandbox_app = fields.String(metadata=text(
        "The name under which the app calls in the sandbox.", "应用在沙箱中的调用方名称。"))
    department_id = fields.String(metadata=DEPARTMENT_TEXT)
    tenant = fields.String(metadata=TENANT_TEXT)
    sandbox_tenant = fields.String(metadata=text(
        "The tenant id whose data the app works on in the sandbox.", "应用在沙箱中所处理数据的租户编号。"))
    kind = fields.String(metadata=KIND_TEXT)
    title = fields.String(metadata=TITLE_TEXT)
    state = fields.String(metadata=text(
        "active, frozen (calls nothing for a time) or closed (final).",
        "状态：active 正常，frozen 冻结（期间不能调用），closed 已下线（不可恢复）。"))
    state_label = fields.String(metadata=text("The state's name in Chinese.", "状态的中文名称。"))
    production = fields.String(metadata=text(
        "none, requested (a decision is awaited) or approved.",
        "生产开通情况：none 未开通，requested 待审批，approved 已开通。"))
    production_label = fields.String(metadata=text("The name of production in Chinese.", "生产开通情况的中文名称。"))
    draft = fields.Nested(Access, metadata=text(
        "What holds in the sandbox, and what a request for production asks for.", "沙箱中生效、申请生产时提交的设置。"))
    approved = fields.Nested(Access, allow_none=True, metadata=text(
        "What holds in production; null before the first approval.", "生产环境中生效的设置；首次批准前为 null。"))
    keys = fields.List(fields.Nested(AppKey), metadata=text(
        "The app's keys, oldest first, without the keys themselves.", "应用的密钥记录，最早的在前，不含密钥本身。"))
    created_at = fields.AwareDateTime(metadata=text("When the app was registered, UTC.", "应用登记时间（UTC）。"))


class AppPage(PageReply):
    items = fields.List(fields.Nested(App), metadata=text(
        "The apps on this page, by name.", "本页应用，按名称排列。"))
