"""Requests, replies and events of service `identity`. Written by `zhongtai clients python`; do not edit."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict


class AcceptMandateRequest(TypedDict):
    mandate_id: str
    """The mandate's id, such as man_…. 授权编号（man_ 开头）。"""


class AddEvidenceRequest(TypedDict):
    data: NotRequired[Mapping[str, str]]
    """What the authority needs for this kind, such as presence_token; names of up to 64 and values of up to 4,096 characters, at most 10. It is passed on and not stored. 权威机构核验所需材料，如实人核验的 presence_token；最多 10 项，名称不超过 64 字、值不超过 4096 字，仅转交、不留存。"""
    kind: Literal["name-number-match", "proof-of-presence", "counter-check", "certificate"]
    """What is to be confirmed: name-number-match (name and number), proof-of-presence (face or the like), counter-check (at a counter), certificate (digital certificate). 核验方式：name-number-match 姓名与证件号码比对，proof-of-presence 人脸等实人核验，counter-check 窗口核验，certificate 数字证书。"""
    subject_id: str
    """The subject's id in this platform, such as sub_…; it stays the same for the subject's whole life. 主体编号（sub_ 开头），由平台生成，终身不变。"""


class AgreeForChildRequest(TypedDict):
    child_name: str
    """The child's name in full. 未成年人的姓名。"""
    child_number: str
    """The child's resident identity number. 未成年人的居民身份证号码。"""


class AppointAgentRequest(TypedDict):
    agent_id_number: str
    """The document's number; for 111 the 18 characters of GB 11643, check digit X as a capital. Replies mask it. 证件号码；居民身份证按 GB 11643 为 18 位，末位 X 大写；返回时脱敏。"""
    agent_id_type: NotRequired[str]
    """The type code of the document, 1 to 8 digits and capitals: 111 resident identity card (GB 11643), 001 unified social credit code (GB 32100); others as configured. 证件类型代码，1–8 位数字或大写字母：111 居民身份证，001 统一社会信用代码，其余以配置为准。"""
    agent_name: str
    """The agent's name, as the identity document has it. 被授权人姓名，与证件一致。"""
    kind: NotRequired[Literal["manager", "handler"]]
    """representative (legal representative), manager (may appoint handlers) or handler. 类别：representative 法定代表人，manager 管理员（可设立经办人），handler 经办人。"""
    limit_minor: NotRequired[int | None]
    """The largest amount in minor units; null: no limit. 金额上限（分）；不限为 null。"""
    matters: NotRequired[Sequence[str]]
    """Item codes of the matters that it is limited to; empty: no such limit. 限定的事项编码；为空表示不限事项。"""
    scopes: Sequence[str]
    """Resources that the agent may use, such as order or licence:driving-licence; * is all but the own account. 授权范围（资源名，如 order、licence:driving-licence）；* 为全部。授权人自身的账户事项始终除外。"""
    valid_from: NotRequired[str | None]
    """The first day, in China; left out, today. 授权首日（北京时间）；不填为当日。"""
    valid_until: NotRequired[str | None]
    """The last day, in China; null does not end. 授权末日（北京时间）；长期有效为 null。"""


class BeginAddingPasskeyRequest(TypedDict):
    confirmation: str
    """The token that confirm_identity gave, in this session, at most five minutes ago. confirm_identity 返回的确认凭据，须为本次登录内五分钟以内取得。"""


BeginTotpRequest = BeginAddingPasskeyRequest


class CancelPersonalRequestRequest(TypedDict):
    request_id: str
    """The request's id, such as pir_…. 请求编号（pir_ 开头）。"""


class ChangeAppJwksKeys(TypedDict):
    alg: NotRequired[Literal["ES256", "PS256", None]]
    """The algorithm: ES256 or PS256; left out, that of the kind of key. 算法：ES256 或 PS256；可不填。"""
    crv: NotRequired[Literal["P-256", None]]
    """The curve of an EC key: P-256. EC 密钥的曲线：P-256。"""
    e: NotRequired[str | None]
    """The exponent of an RSA key. RSA 密钥的指数。"""
    kid: str
    """The key's name; what the app signs names it. 密钥标识，应用签名时须注明。"""
    kty: Literal["EC", "RSA"]
    """The kind of key: EC or RSA. 密钥类型：EC 或 RSA。"""
    n: NotRequired[str | None]
    """The modulus of an RSA key. RSA 密钥的模数。"""
    use: NotRequired[Literal["sig", None]]
    """sig, or left out. 用途：sig，可不填。"""
    x: NotRequired[str | None]
    """A coordinate of an EC key. EC 密钥的坐标。"""
    y: NotRequired[str | None]
    """The other coordinate of an EC key. EC 密钥的另一坐标。"""


class ChangeAppJwks(TypedDict):
    keys: Sequence[ChangeAppJwksKeys]
    """Public keys only; two while the app changes over. 仅限公钥；更换期间可登记两个。"""


class ChangeAppRequest(TypedDict):
    app: str
    """The app's name, app- and 1 to 28 of a-z, 0-9, -; callers and the broker's users have it. 应用名称，app- 加 1 至 28 位小写字母、数字或 -；调用方名称与消息代理用户名均为此名。"""
    calls_per_s: NotRequired[int | None]
    """Calls per second of each gateway process; null is no limit. 每个网关进程每秒允许的调用次数；为 null 表示不限。"""
    client_type: NotRequired[Literal["confidential", "public"]]
    """confidential, or public: a program on the person's own machine, which proves itself by PKCE alone. 客户端类型：confidential 可保管密钥，public 运行在用户设备上、仅凭 PKCE 校验。"""
    in_flight: NotRequired[int | None]
    """Requests that may be in work at once; null is the gateway's own limit. 同时处理的请求数上限；为 null 时以网关设置为准。"""
    jwks: NotRequired[ChangeAppJwks | None]
    """Public keys (a JWK set) of a confidential client. Where tokens are given it then proves itself by private_key_jwt only; null: by an app key. confidential 客户端的公钥集（JWK Set）；登记后换取令牌时只接受 private_key_jwt，为 null 时使用应用密钥。"""
    post_logout_redirect_uris: NotRequired[Sequence[str]]
    """Addresses that a logout may return to, compared in the same way. 退出登录后允许跳转的地址，比对方式相同。"""
    redirect_uris: NotRequired[Sequence[str]]
    """Addresses that a login may return to: https of a host name, without query and fragment; http on this machine only, in production for public clients only. They are compared character by character; a public client's loopback address without a port matches any port. 登录后允许跳转的地址：以主机名表示的 https 地址，不含查询串与片段；http 仅限本机，生产环境中仅限 public 客户端。逐字符比对；public 客户端登记的不带端口的本机回环地址可匹配任意端口。"""
    scopes: Sequence[str]
    """Methods that the app may call: '*', 'payment.*' or 'payment.get_order'. 应用可调用的接口：*、payment.* 或 payment.get_order。"""
    sensitive_scopes: NotRequired[Sequence[Literal["credential"]]]
    """Scopes that the app may ask persons for only with its department's approval: credential (see and change how a person signs in). In the sandbox they hold at once. 须经所属部门审批方可向用户申请的范围：credential 查看并更改登录方式。在沙箱中立即生效。"""
    title: str
    """The app's title for people. 应用标题，供人阅读。"""


class ChangePasswordRequest(TypedDict):
    confirmation: str
    """The token that confirm_identity gave, in this session, at most five minutes ago. confirm_identity 返回的确认凭据，须为本次登录内五分钟以内取得。"""
    new_password: str
    """8 to 128 characters that are hard to guess; no rule of composition. 8 至 128 个字符，不易被猜中即可，不要求字符组合。"""


class CloseAppRequest(TypedDict):
    app: str
    """The app's name, app- and 1 to 28 of a-z, 0-9, -; callers and the broker's users have it. 应用名称，app- 加 1 至 28 位小写字母、数字或 -；调用方名称与消息代理用户名均为此名。"""


class ConfirmIdentityRequest(TypedDict):
    challenge_id: NotRequired[str | None]
    """The id of the challenge, such as chl_…. 验证请求编号（chl_ 开头）。"""
    method: Literal["password", "totp", "recovery-code", "code"]
    """How: password, totp (authenticator app), recovery-code, or code (sent by send_confirmation_code). 验证方式：password 密码，totp 动态口令，recovery-code 恢复码，code 由 send_confirmation_code 发送的验证码。"""
    secret: str
    """The password or the code. 密码或验证码。"""


class DecidePersonalRequestRequest(TypedDict):
    grant: bool
    """True: it is done; false: it is refused. true 办理，false 不予办理。"""
    reason: NotRequired[str | None]
    """Why a request was refused; the person sees it. 不予办理的理由，当事人可见。"""
    request_id: str
    """The request's id, such as pir_…. 请求编号（pir_ 开头）。"""


class EndOtherSessionsRequest(TypedDict):
    pass


class EndSessionRequest(TypedDict):
    session_id: str
    """The session's id, such as ses_…. 会话编号（ses_ 开头）。"""


class FinishAddingPasskeyRequest(TypedDict):
    challenge_id: str
    """The id of the challenge, such as chl_…. 验证请求编号（chl_ 开头）。"""
    name: str
    """A name by which the person knows the passkey again, 1 to 64 characters. 便于本人辨认的名称，1 至 64 字。"""
    response: Mapping[str, Any]
    """RegistrationResponseJSON of WebAuthn. WebAuthn 的 RegistrationResponseJSON。"""


class FinishTotpRequest(TypedDict):
    code: str
    """The code that the authenticator app shows. 验证器应用当前显示的口令。"""
    confirmation: str
    """The token that confirm_identity gave, in this session, at most five minutes ago. confirm_identity 返回的确认凭据，须为本次登录内五分钟以内取得。"""
    credential_id: str
    """The id of a sign-in method, such as crd_…. 登录方式编号（crd_ 开头）。"""


GetAppRequest = CloseAppRequest


GetMandateRequest = AcceptMandateRequest


GetPersonalCopyRequest = CancelPersonalRequestRequest


GetPersonalRequestRequest = CancelPersonalRequestRequest


class GetSubjectRequest(TypedDict):
    subject_id: str
    """The subject's id in this platform, such as sub_…; it stays the same for the subject's whole life. 主体编号（sub_ 开头），由平台生成，终身不变。"""


class IntrospectTokenRequest(TypedDict):
    token: str
    """The access token that the app was shown. 应用收到的访问令牌。"""


class IssueAppKeyRequest(TypedDict):
    app: str
    """The app's name, app- and 1 to 28 of a-z, 0-9, -; callers and the broker's users have it. 应用名称，app- 加 1 至 28 位小写字母、数字或 -；调用方名称与消息代理用户名均为此名。"""
    environment: Literal["production", "sandbox"]
    """production, or sandbox: its keys open the sandbox only. 环境：production 生产，sandbox 沙箱（其密钥仅限沙箱）。"""


class ListAppsRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    department_id: NotRequired[str | None]
    """Only apps of this department. 只列出该部门的应用。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""


class ListConsentsRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""


class ListEvidenceRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    subject_id: str
    """The subject's id in this platform, such as sub_…; it stays the same for the subject's whole life. 主体编号（sub_ 开头），由平台生成，终身不变。"""


ListForChildrenRequest = EndOtherSessionsRequest


class ListLevelsRequest(TypedDict):
    jurisdiction: NotRequired[str]
    """Whose table of levels: a code of the configuration of up to 16 characters; in a request, the platform's own when left out. 适用等级表的地区代码，不超过 16 个字符，以配置为准；查询时不传则用本平台所属地区。"""


class ListMandateChangesRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    mandate_id: str
    """The mandate's id, such as man_…. 授权编号（man_ 开头）。"""


class ListMandatesRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    direction: NotRequired[Literal["given", "received"]]
    """given by the acting subject, or received. 方向：given 本方授出，received 本方收到。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    state: NotRequired[Literal["proposed", "active", "suspended", "refused", "revoked", "expired", "ended", None]]
    """Only mandates in this state. 只列出该状态的授权。"""


class ListPersonalRequestsRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    state: NotRequired[Literal["submitted", "done", "refused", "cancelled", None]]
    """Only requests in this state. 只列出该状态的请求。"""


ListRequestsToDecideRequest = ListPersonalRequestsRequest


ListSessionsRequest = ListConsentsRequest


ListSignInMethodsRequest = EndOtherSessionsRequest


ListUpstreamLinksRequest = EndOtherSessionsRequest


MakeRecoveryCodesRequest = BeginAddingPasskeyRequest


class NameSignInMethodRequest(TypedDict):
    credential_id: str
    """The id of a sign-in method, such as crd_…. 登录方式编号（crd_ 开头）。"""
    name: str
    """A name by which the person knows the passkey again, 1 to 64 characters. 便于本人辨认的名称，1 至 64 字。"""


class ProveRepresentationRequest(TypedDict):
    credit_code: str
    """The organisation's unified social credit code, 18 characters by GB 32100. 组织的统一社会信用代码，18 位（GB 32100）。"""
    organisation_name: str
    """The organisation's name, as the register has it. 组织名称，与登记一致。"""


RefuseMandateRequest = AcceptMandateRequest


class RegisterAppRequest(TypedDict):
    app: str
    """The app's name, app- and 1 to 28 of a-z, 0-9, -; callers and the broker's users have it. 应用名称，app- 加 1 至 28 位小写字母、数字或 -；调用方名称与消息代理用户名均为此名。"""
    calls_per_s: NotRequired[int | None]
    """Calls per second of each gateway process; null is no limit. 每个网关进程每秒允许的调用次数；为 null 表示不限。"""
    client_type: NotRequired[Literal["confidential", "public"]]
    """confidential, or public: a program on the person's own machine, which proves itself by PKCE alone. 客户端类型：confidential 可保管密钥，public 运行在用户设备上、仅凭 PKCE 校验。"""
    department_id: NotRequired[str | None]
    """The department of the app; an officers' console leaves it out: its own. 应用所属部门；工作人员端应用登记时不填，即本部门。"""
    in_flight: NotRequired[int | None]
    """Requests that may be in work at once; null is the gateway's own limit. 同时处理的请求数上限；为 null 时以网关设置为准。"""
    jwks: NotRequired[ChangeAppJwks | None]
    """Public keys (a JWK set) of a confidential client. Where tokens are given it then proves itself by private_key_jwt only; null: by an app key. confidential 客户端的公钥集（JWK Set）；登记后换取令牌时只接受 private_key_jwt，为 null 时使用应用密钥。"""
    kind: NotRequired[Literal["department", "portal", "officer"]]
    """department, portal (an entrance for citizens to all departments) or officer (a console of officers). 类别：department 部门应用，portal 面向群众的总入口，officer 工作人员端。"""
    post_logout_redirect_uris: NotRequired[Sequence[str]]
    """Addresses that a logout may return to, compared in the same way. 退出登录后允许跳转的地址，比对方式相同。"""
    redirect_uris: NotRequired[Sequence[str]]
    """Addresses that a login may return to: https of a host name, without query and fragment; http on this machine only, in production for public clients only. They are compared character by character; a public client's loopback address without a port matches any port. 登录后允许跳转的地址：以主机名表示的 https 地址，不含查询串与片段；http 仅限本机，生产环境中仅限 public 客户端。逐字符比对；public 客户端登记的不带端口的本机回环地址可匹配任意端口。"""
    scopes: NotRequired[Sequence[str]]
    """Methods that the app may call: '*', 'payment.*' or 'payment.get_order'. 应用可调用的接口：*、payment.* 或 payment.get_order。"""
    sensitive_scopes: NotRequired[Sequence[Literal["credential"]]]
    """Scopes that the app may ask persons for only with its department's approval: credential (see and change how a person signs in). In the sandbox they hold at once. 须经所属部门审批方可向用户申请的范围：credential 查看并更改登录方式。在沙箱中立即生效。"""
    title: str
    """The app's title for people. 应用标题，供人阅读。"""


class RegisterOrganisationRequest(TypedDict):
    credit_code: str
    """The unified social credit code, 18 characters by GB 32100. 统一社会信用代码，18 位（GB 32100）。"""
    email: NotRequired[str | None]
    """An e-mail address, up to 254 characters. Replies mask it. 电子邮箱，不超过 254 个字符；返回时脱敏。"""
    locale: NotRequired[Literal["zh-CN", "en"]]
    """The language for messages to the subject: zh-CN or en. 与该主体联系所用语言：zh-CN 或 en。"""
    mobile: NotRequired[str | None]
    """A mobile number: 11 digits of mainland China, or + with country code and number. Replies mask it. 手机号码：大陆 11 位号码，或以 + 开头的国际号码；返回时脱敏。"""
    name: str
    """The name in full, as the identity document or registration has it; replies mask it. 姓名或单位名称，与证件或登记证书一致；返回时脱敏。"""


class RegisterPersonRequest(TypedDict):
    email: NotRequired[str | None]
    """An e-mail address, up to 254 characters. Replies mask it. 电子邮箱，不超过 254 个字符；返回时脱敏。"""
    id_number: str
    """The document's number; for 111 the 18 characters of GB 11643, check digit X as a capital. Replies mask it. 证件号码；居民身份证按 GB 11643 为 18 位，末位 X 大写；返回时脱敏。"""
    id_type: NotRequired[str]
    """The type code of the document, 1 to 8 digits and capitals: 111 resident identity card (GB 11643), 001 unified social credit code (GB 32100); others as configured. 证件类型代码，1–8 位数字或大写字母：111 居民身份证，001 统一社会信用代码，其余以配置为准。"""
    locale: NotRequired[Literal["zh-CN", "en"]]
    """The language for messages to the subject: zh-CN or en. 与该主体联系所用语言：zh-CN 或 en。"""
    mobile: NotRequired[str | None]
    """A mobile number: 11 digits of mainland China, or + with country code and number. Replies mask it. 手机号码：大陆 11 位号码，或以 + 开头的国际号码；返回时脱敏。"""
    name: str
    """The name in full, as the identity document or registration has it; replies mask it. 姓名或单位名称，与证件或登记证书一致；返回时脱敏。"""


class RemoveSignInMethodRequest(TypedDict):
    confirmation: str
    """The token that confirm_identity gave, in this session, at most five minutes ago. confirm_identity 返回的确认凭据，须为本次登录内五分钟以内取得。"""
    credential_id: str
    """The id of a sign-in method, such as crd_…. 登录方式编号（crd_ 开头）。"""


class RemoveUpstreamLinkRequest(TypedDict):
    link_id: str
    """The link's id, such as upl_…. 绑定编号（upl_ 开头）。"""


class RequestProductionRequest(TypedDict):
    app: str
    """The app's name, app- and 1 to 28 of a-z, 0-9, -; callers and the broker's users have it. 应用名称，app- 加 1 至 28 位小写字母、数字或 -；调用方名称与消息代理用户名均为此名。"""
    officer_id: NotRequired[str | None]
    """The subject id of the officer who asks; only operators state it. 申请人的主体编号；仅运维人员填写。"""


class RevokeAppKeyRequest(TypedDict):
    app: str
    """The app's name, app- and 1 to 28 of a-z, 0-9, -; callers and the broker's users have it. 应用名称，app- 加 1 至 28 位小写字母、数字或 -；调用方名称与消息代理用户名均为此名。"""
    key_id: str
    """The key's id, such as key_…; it is no secret. 密钥编号（key_ 开头），不是密钥本身。"""


class RevokeConsentRequest(TypedDict):
    app: str
    """The app as it calls; in the sandbox its name ends with -sandbox. 应用的调用方名称；沙箱中以 -sandbox 结尾。"""
    scope: NotRequired[str | None]
    """Only this one; left out, all consents to the app. 只撤回该范围；不填则撤回对该应用的全部授权。"""


class RevokeForChildRequest(TypedDict):
    consent_id: str
    """The id of the consent, such as gcs_…. 监护人同意记录编号（gcs_ 开头）。"""


RevokeMandateRequest = AcceptMandateRequest


SendConfirmationCodeRequest = EndOtherSessionsRequest


class SetUsernameRequest(TypedDict):
    confirmation: str
    """The token that confirm_identity gave, in this session, at most five minutes ago. confirm_identity 返回的确认凭据，须为本次登录内五分钟以内取得。"""
    username: str
    """4 to 32 characters: a letter first, then letters, digits, '_', '.', '-'. 4 至 32 个字符：首位为字母，其后可用字母、数字、“_”、“.”、“-”。"""


class SubmitPersonalRequestCorrections(TypedDict):
    email: NotRequired[str | None]
    """An e-mail address, up to 254 characters. Replies mask it. 电子邮箱，不超过 254 个字符；返回时脱敏。"""
    mobile: NotRequired[str | None]
    """A mobile number: 11 digits of mainland China, or + with country code and number. Replies mask it. 手机号码：大陆 11 位号码，或以 + 开头的国际号码；返回时脱敏。"""
    name: NotRequired[str]
    """The name in full, as the identity document or registration has it; replies mask it. 姓名或单位名称，与证件或登记证书一致；返回时脱敏。"""


class SubmitPersonalRequestRequest(TypedDict):
    corrections: NotRequired[SubmitPersonalRequestCorrections]
    """For a correction: the new values. 更正请求须填写更正后的内容。"""
    explanation: NotRequired[str | None]
    """What the person wants to say about it, up to 500 characters. 补充说明，500 字以内。"""
    kind: Literal["inspect", "copy", "correct", "delete", "restrict", "withdraw-consent", "close-account"]
    """inspect, copy, correct, delete, restrict, withdraw-consent or close-account. 请求类别：inspect 查阅，copy 复制，correct 更正，delete 删除，restrict 限制处理，withdraw-consent 撤回同意，close-account 注销账号。"""


class AcceptMandateReply(TypedDict):
    agent_id: NotRequired[str | None]
    """Subject id of the agent; null until the agent has accepted. 被授权人的主体编号；尚未接受时为 null。"""
    agent_name: NotRequired[str]
    """The agent's name, masked. 被授权人姓名，已脱敏。"""
    created_at: NotRequired[str]
    """When the mandate was proposed, UTC. 授权提出时间（UTC）。"""
    kind: NotRequired[str]
    """representative (legal representative), manager (may appoint handlers) or handler. 类别：representative 法定代表人，manager 管理员（可设立经办人），handler 经办人。"""
    limit_minor: NotRequired[int | None]
    """The largest amount in minor units; null: no limit. 金额上限（分）；不限为 null。"""
    mandate_id: NotRequired[str]
    """The mandate's id, such as man_…. 授权编号（man_ 开头）。"""
    matters: NotRequired[list[str]]
    """Item codes of the matters that it is limited to; empty: no such limit. 限定的事项编码；为空表示不限事项。"""
    principal_id: NotRequired[str]
    """Subject id of the person or organisation that is acted for. 授权人（自然人或组织）的主体编号。"""
    principal_name: NotRequired[str]
    """The principal's name; of a person masked. 授权人名称；自然人姓名已脱敏。"""
    scopes: NotRequired[list[str]]
    """Resources that the agent may use, such as order or licence:driving-licence; * is all but the own account. 授权范围（资源名，如 order、licence:driving-licence）；* 为全部。授权人自身的账户事项始终除外。"""
    state: NotRequired[str]
    """proposed, active, suspended (principal or agent is frozen), refused, revoked, expired or ended. 状态：proposed 待接受，active 有效，suspended 中止（一方被冻结），refused 已拒绝，revoked 已撤销，expired 已到期，ended 已终止。"""
    state_label: NotRequired[str]
    """The state's name in the caller's language, to be shown. 状态名称，供页面显示，语言与调用方一致。"""
    valid_from: NotRequired[str]
    """The first day, in China. 授权首日（北京时间）。"""
    valid_until: NotRequired[str | None]
    """The last day, in China; null does not end. 授权末日（北京时间）；长期有效为 null。"""


class AddEvidenceReply(TypedDict):
    created_at: NotRequired[str]
    """When the subject was registered, UTC. 注册时间（UTC）。"""
    email: NotRequired[str | None]
    """An e-mail address, up to 254 characters. Replies mask it. 电子邮箱，不超过 254 个字符；返回时脱敏。"""
    id_number: NotRequired[str]
    """The document's number; for 111 the 18 characters of GB 11643, check digit X as a capital. Replies mask it. 证件号码；居民身份证按 GB 11643 为 18 位，末位 X 大写；返回时脱敏。"""
    id_type: NotRequired[str]
    """The type code of the document, 1 to 8 digits and capitals: 111 resident identity card (GB 11643), 001 unified social credit code (GB 32100); others as configured. 证件类型代码，1–8 位数字或大写字母：111 居民身份证，001 统一社会信用代码，其余以配置为准。"""
    kind: NotRequired[str]
    """What the subject is: person (natural person) or organisation (legal person). 主体类别：person 自然人，organisation 法人或其他组织。"""
    level: NotRequired[int]
    """The assurance level that counts now, 1 and up; list_levels says what each needs. It falls when evidence ends. 当前实名等级，从 1 起；各级要求见 list_levels，核验材料到期后等级会下降。"""
    locale: NotRequired[str]
    """The language for messages to the subject: zh-CN or en. 与该主体联系所用语言：zh-CN 或 en。"""
    mobile: NotRequired[str | None]
    """A mobile number: 11 digits of mainland China, or + with country code and number. Replies mask it. 手机号码：大陆 11 位号码，或以 + 开头的国际号码；返回时脱敏。"""
    name: NotRequired[str]
    """The name in full, as the identity document or registration has it; replies mask it. 姓名或单位名称，与证件或登记证书一致；返回时脱敏。"""
    state: NotRequired[str]
    """active, frozen (can do nothing for a time) or closed (final). 状态：active 正常，frozen 冻结（期间不能办事），closed 注销（不可恢复）。"""
    state_label: NotRequired[str]
    """The state's name in the caller's language, to be shown. 状态名称，供页面显示，语言与调用方一致。"""
    subject_id: NotRequired[str]
    """The subject's id in this platform, such as sub_…; it stays the same for the subject's whole life. 主体编号（sub_ 开头），由平台生成，终身不变。"""


class AgreeForChildReply(TypedDict):
    child_subject: NotRequired[str]
    """The child's subject id. 未成年人的主体编号。"""
    consent_id: NotRequired[str]
    """The id of the consent, such as gcs_…. 监护人同意记录编号（gcs_ 开头）。"""
    given_at: NotRequired[str]
    """When it was given, UTC. 同意时间（UTC）。"""
    revoked_at: NotRequired[str | None]
    """When it was taken back, UTC; null before that. 撤回时间（UTC）；未撤回为 null。"""
    state: NotRequired[str]
    """accepted or revoked. 状态：accepted 已同意，revoked 已撤回。"""


AppointAgentReply = AcceptMandateReply


class BeginAddingPasskeyReply(TypedDict):
    challenge_id: NotRequired[str]
    """The id of the challenge, such as chl_…. 验证请求编号（chl_ 开头）。"""
    expires_at: NotRequired[str]
    """Until when it counts, UTC. 有效期至（UTC）。"""
    options: NotRequired[dict[str, Any]]
    """PublicKeyCredentialCreationOptionsJSON of WebAuthn, under publicKey. WebAuthn 的 PublicKeyCredentialCreationOptionsJSON（在 publicKey 下）。"""


class BeginTotpReply(TypedDict):
    credential_id: NotRequired[str]
    """The id of a sign-in method, such as crd_…. 登录方式编号（crd_ 开头）。"""
    secret: NotRequired[str]
    """The secret for typing, in base32. 供手动输入的密钥（base32）。"""
    uri: NotRequired[str]
    """The otpauth address for a QR code. 供生成二维码的 otpauth 地址。"""


class CancelPersonalRequestReply(TypedDict):
    correcting: NotRequired[list[str]]
    """Names of the fields to be corrected: name, mobile, email. 待更正的字段：name 姓名，mobile 手机号码，email 电子邮箱。"""
    decided_at: NotRequired[str | None]
    """When it was decided, UTC. 办结时间（UTC）。"""
    due_at: NotRequired[str]
    """By when it is answered, UTC. 办理期限（UTC）。"""
    explanation: NotRequired[str | None]
    """What the person said about it. 当事人的补充说明。"""
    kind: NotRequired[str]
    """inspect, copy, correct, delete, restrict, withdraw-consent or close-account. 请求类别：inspect 查阅，copy 复制，correct 更正，delete 删除，restrict 限制处理，withdraw-consent 撤回同意，close-account 注销账号。"""
    kind_label: NotRequired[str]
    """The kind's name in the caller's language. 请求类别名称，语言与调用方一致。"""
    late: NotRequired[bool]
    """Whether it waits beyond its term. 是否已超过办理期限。"""
    reason: NotRequired[str | None]
    """Why a request was refused; the person sees it. 不予办理的理由，当事人可见。"""
    request_id: NotRequired[str]
    """The request's id, such as pir_…. 请求编号（pir_ 开头）。"""
    state: NotRequired[str]
    """submitted, done, refused or cancelled. 状态：submitted 办理中，done 已办结，refused 不予办理，cancelled 本人已撤回。"""
    state_label: NotRequired[str]
    """The state's name in the caller's language. 状态名称，语言与调用方一致。"""
    subject_id: NotRequired[str]
    """The person's subject id. 当事人的主体编号。"""
    submitted_at: NotRequired[str]
    """When it was submitted, UTC. 提交时间（UTC）。"""


class ChangeAppReplyApprovedJwksKeys(TypedDict):
    alg: NotRequired[Literal["ES256", "PS256", None]]
    """The algorithm: ES256 or PS256; left out, that of the kind of key. 算法：ES256 或 PS256；可不填。"""
    crv: NotRequired[Literal["P-256", None]]
    """The curve of an EC key: P-256. EC 密钥的曲线：P-256。"""
    e: NotRequired[str | None]
    """The exponent of an RSA key. RSA 密钥的指数。"""
    kid: str
    """The key's name; what the app signs names it. 密钥标识，应用签名时须注明。"""
    kty: Literal["EC", "RSA"]
    """The kind of key: EC or RSA. 密钥类型：EC 或 RSA。"""
    n: NotRequired[str | None]
    """The modulus of an RSA key. RSA 密钥的模数。"""
    use: NotRequired[Literal["sig", None]]
    """sig, or left out. 用途：sig，可不填。"""
    x: NotRequired[str | None]
    """A coordinate of an EC key. EC 密钥的坐标。"""
    y: NotRequired[str | None]
    """The other coordinate of an EC key. EC 密钥的另一坐标。"""


class ChangeAppReplyApprovedJwks(TypedDict):
    keys: list[ChangeAppReplyApprovedJwksKeys]
    """Public keys only; two while the app changes over. 仅限公钥；更换期间可登记两个。"""


class ChangeAppReplyApproved(TypedDict):
    calls_per_s: NotRequired[int | None]
    """Calls per second of each gateway process; null is no limit. 每个网关进程每秒允许的调用次数；为 null 表示不限。"""
    client_type: NotRequired[Literal["confidential", "public"]]
    """confidential, or public: a program on the person's own machine, which proves itself by PKCE alone. 客户端类型：confidential 可保管密钥，public 运行在用户设备上、仅凭 PKCE 校验。"""
    in_flight: NotRequired[int | None]
    """Requests that may be in work at once; null is the gateway's own limit. 同时处理的请求数上限；为 null 时以网关设置为准。"""
    jwks: NotRequired[ChangeAppReplyApprovedJwks | None]
    """Public keys (a JWK set) of a confidential client. Where tokens are given it then proves itself by private_key_jwt only; null: by an app key. confidential 客户端的公钥集（JWK Set）；登记后换取令牌时只接受 private_key_jwt，为 null 时使用应用密钥。"""
    post_logout_redirect_uris: NotRequired[list[str]]
    """Addresses that a logout may return to, compared in the same way. 退出登录后允许跳转的地址，比对方式相同。"""
    redirect_uris: NotRequired[list[str]]
    """Addresses that a login may return to: https of a host name, without query and fragment; http on this machine only, in production for public clients only. They are compared character by character; a public client's loopback address without a port matches any port. 登录后允许跳转的地址：以主机名表示的 https 地址，不含查询串与片段；http 仅限本机，生产环境中仅限 public 客户端。逐字符比对；public 客户端登记的不带端口的本机回环地址可匹配任意端口。"""
    scopes: NotRequired[list[str]]
    """Methods that the app may call: '*', 'payment.*' or 'payment.get_order'. 应用可调用的接口：*、payment.* 或 payment.get_order。"""
    sensitive_scopes: NotRequired[list[Literal["credential"]]]
    """Scopes that the app may ask persons for only with its department's approval: credential (see and change how a person signs in). In the sandbox they hold at once. 须经所属部门审批方可向用户申请的范围：credential 查看并更改登录方式。在沙箱中立即生效。"""


class ChangeAppReplyKeys(TypedDict):
    created_at: NotRequired[str]
    """When the key was made, UTC. 密钥生成时间（UTC）。"""
    environment: NotRequired[str]
    """production, or sandbox: its keys open the sandbox only. 环境：production 生产，sandbox 沙箱（其密钥仅限沙箱）。"""
    key_id: NotRequired[str]
    """The key's id, such as key_…; it is no secret. 密钥编号（key_ 开头），不是密钥本身。"""
    revoked_at: NotRequired[str | None]
    """When the key was revoked, UTC; null while it opens. 密钥吊销时间（UTC）；有效时为 null。"""
    state: NotRequired[str]
    """active or revoked. 状态：active 有效，revoked 已吊销。"""


class ChangeAppReply(TypedDict):
    app: NotRequired[str]
    """The app's name, app- and 1 to 28 of a-z, 0-9, -; callers and the broker's users have it. 应用名称，app- 加 1 至 28 位小写字母、数字或 -；调用方名称与消息代理用户名均为此名。"""
    approved: NotRequired[ChangeAppReplyApproved | None]
    """What holds in production; null before the first approval. 生产环境中生效的设置；首次批准前为 null。"""
    created_at: NotRequired[str]
    """When the app was registered, UTC. 应用登记时间（UTC）。"""
    department_id: NotRequired[str]
    """The department's id, such as dep_…; it never changes. 部门编号（dep_ 开头），终身不变。"""
    draft: NotRequired[ChangeAppReplyApproved]
    """What holds in the sandbox, and what a request for production asks for. 沙箱中生效、申请生产时提交的设置。"""
    keys: NotRequired[list[ChangeAppReplyKeys]]
    """The app's keys, oldest first, without the keys themselves. 应用的密钥记录，最早的在前，不含密钥本身。"""
    kind: NotRequired[str]
    """department, portal (an entrance for citizens to all departments) or officer (a console of officers). 类别：department 部门应用，portal 面向群众的总入口，officer 工作人员端。"""
    production: NotRequired[str]
    """none, requested (a decision is awaited) or approved. 生产开通情况：none 未开通，requested 待审批，approved 已开通。"""
    production_label: NotRequired[str]
    """The name of production in Chinese. 生产开通情况的中文名称。"""
    sandbox_app: NotRequired[str]
    """The name under which the app calls in the sandbox. 应用在沙箱中的调用方名称。"""
    sandbox_tenant: NotRequired[str]
    """The tenant id whose data the app works on in the sandbox. 应用在沙箱中所处理数据的租户编号。"""
    state: NotRequired[str]
    """active, frozen (calls nothing for a time) or closed (final). 状态：active 正常，frozen 冻结（期间不能调用），closed 已下线（不可恢复）。"""
    state_label: NotRequired[str]
    """The state's name in Chinese. 状态的中文名称。"""
    tenant: NotRequired[str]
    """The tenant id whose data the app works on. 应用所处理数据的租户编号。"""
    title: NotRequired[str]
    """The app's title for people. 应用标题，供人阅读。"""


class ChangePasswordReply(TypedDict):
    recovered: NotRequired[bool]
    """True: the account was recovered by a sent code or a recovery code; all sessions ended, and its evidence counts no more. 为 true 表示通过验证码或恢复码找回：所有登录已退出，原实名核验失效。"""


CloseAppReply = ChangeAppReply


class ConfirmIdentityReply(TypedDict):
    expires_at: NotRequired[str]
    """Until when it counts, UTC. 有效期至（UTC）。"""
    token: NotRequired[str]
    """Shown with the changes that follow, in this session. 在本次登录内变更登录方式时提交。"""


DecidePersonalRequestReply = CancelPersonalRequestReply


class EndOtherSessionsReply(TypedDict):
    ended: NotRequired[int]
    """How many sessions have ended. 已结束的会话数。"""


EndSessionReply = EndOtherSessionsReply


class FinishAddingPasskeyReply(TypedDict):
    changed_at: NotRequired[str]
    """When it was last changed, UTC. 最近变更时间（UTC）。"""
    created_at: NotRequired[str]
    """When it was added, UTC. 添加时间（UTC）。"""
    credential_id: NotRequired[str]
    """The id of a sign-in method, such as crd_…. 登录方式编号（crd_ 开头）。"""
    kind: NotRequired[str]
    """password, totp or passkey. 类别：password 密码，totp 动态口令，passkey 通行密钥。"""
    name: NotRequired[str | None]
    """A name by which the person knows the passkey again, 1 to 64 characters. 便于本人辨认的名称，1 至 64 字。"""
    used_at: NotRequired[str | None]
    """When it was last used, UTC; null before that. 最近使用时间（UTC）；未使用为 null。"""


FinishTotpReply = ChangePasswordReply


GetAppReply = ChangeAppReply


GetMandateReply = AcceptMandateReply


class GetPersonalCopyReply(TypedDict):
    document: NotRequired[str]
    """What identity holds of the person: JSON, in base64. 本平台身份服务保存的本人信息（JSON，base64 编码）。"""
    expires_at: NotRequired[str]
    """Until when it can be fetched, UTC. 领取截止时间（UTC）。"""
    key_id: NotRequired[str]
    """The key that signed the document. 签名密钥编号。"""
    made_at: NotRequired[str]
    """When the copy was made, UTC. 副本生成时间（UTC）。"""
    request_id: NotRequired[str]
    """The request's id, such as pir_…. 请求编号（pir_ 开头）。"""
    signature: NotRequired[str]
    """Ed25519 over the document's bytes, in base64. 对文档字节的 Ed25519 签名（base64 编码）。"""


GetPersonalRequestReply = CancelPersonalRequestReply


GetSubjectReply = AddEvidenceReply


class IntrospectTokenReply(TypedDict):
    active: NotRequired[bool]
    """The token counts now, for the app that asks; all else is null when it does not. 令牌当前对调用方应用是否有效；无效时其余字段均为 null。"""
    expires_at: NotRequired[str | None]
    """The token's end, UTC. 令牌到期时间（UTC）。"""
    kind: NotRequired[str | None]
    """citizen or officer. 会话类别：citizen 个人（法人），officer 工作人员。"""
    level: NotRequired[int | None]
    """Assurance level of the session now. 会话当前的实名等级。"""
    mandate_id: NotRequired[str | None]
    """The mandate under which the person acts. 所依据的授权经办编号。"""
    principal_id: NotRequired[str | None]
    """The person or organisation that is acted for. 授权人（被代理的自然人或组织）的主体编号。"""
    scopes: NotRequired[list[str] | None]
    """Resources that the token covers. 令牌的授权范围。"""
    session_id: NotRequired[str | None]
    """The session's id, such as ses_…. 会话编号（ses_ 开头）。"""
    subject_id: NotRequired[str | None]
    """The person who acts. 操作人的主体编号。"""


class IssueAppKeyReply(TypedDict):
    app: NotRequired[str]
    """The app's name, app- and 1 to 28 of a-z, 0-9, -; callers and the broker's users have it. 应用名称，app- 加 1 至 28 位小写字母、数字或 -；调用方名称与消息代理用户名均为此名。"""
    environment: NotRequired[str]
    """production, or sandbox: its keys open the sandbox only. 环境：production 生产，sandbox 沙箱（其密钥仅限沙箱）。"""
    key: NotRequired[str]
    """The key. It is shown this once and stored nowhere; keep it as a password. 应用密钥，仅显示这一次，平台不留存；请按密码保管。"""
    key_id: NotRequired[str]
    """The key's id, such as key_…; it is no secret. 密钥编号（key_ 开头），不是密钥本身。"""


class ListAppsReply(TypedDict):
    items: NotRequired[list[ChangeAppReply]]
    """The apps on this page, by name. 本页应用，按名称排列。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListConsentsReplyItems(TypedDict):
    app: NotRequired[str]
    """The app as it calls; in the sandbox its name ends with -sandbox. 应用的调用方名称；沙箱中以 -sandbox 结尾。"""
    given_at: NotRequired[str]
    """When the person consented, UTC. 授权时间（UTC）。"""
    scope: NotRequired[str]
    """What the app may see and do, such as licence, or licence:driving-licence for one type. 应用可查看和办理的范围，如 licence，或限定类型的 licence:driving-licence。"""
    scope_title: NotRequired[str]
    """What it means, in the language asked for. 范围说明，按请求语言返回。"""


class ListConsentsReply(TypedDict):
    items: NotRequired[list[ListConsentsReplyItems]]
    """The consents on this page, by app and scope. 本页授权，按应用和范围排列。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListEvidenceReplyItems(TypedDict):
    authority: NotRequired[str]
    """Who confirmed, by the name in the configuration. 作出核验结论的权威机构，以配置中的名称为准。"""
    ends_at: NotRequired[str | None]
    """When the evidence stops counting, UTC; null when it does not end. 核验结果失效时间（UTC）；长期有效为 null。"""
    evidence_id: NotRequired[str]
    """The id of this piece of evidence. 核验记录编号。"""
    kind: NotRequired[str]
    """How it was confirmed: name-number-match, proof-of-presence, counter-check or certificate. 已通过的核验方式，取值同 add_evidence 的 kind。"""
    obtained_at: NotRequired[str]
    """When the authority confirmed, UTC. 核验通过时间（UTC）。"""
    receipt: NotRequired[str]
    """The authority's own number of the confirmation, for asking there. 权威机构给出的核验流水号，可凭此向其查询。"""


class ListEvidenceReply(TypedDict):
    items: NotRequired[list[ListEvidenceReplyItems]]
    """The evidence on this page, newest first. 本页核验记录，最新的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListForChildrenReply(TypedDict):
    items: NotRequired[list[AgreeForChildReply]]
    """The consents, newest first. 同意记录，最新的在前。"""


class ListLevelsReplyItems(TypedDict):
    evidence: NotRequired[list[str]]
    """Kinds of evidence of which one is enough; empty for the lowest level. 达到该级可用的核验方式，任一即可；最低一级为空。"""
    level: NotRequired[int]
    """The number of the level, 1 and up; a higher one includes all below. 等级序号，从 1 起，高等级包含低等级。"""
    name: NotRequired[str]
    """The level's name in Chinese. 等级的中文名称，如“实人核验”。"""
    name_en: NotRequired[str]
    """The level's name in English. 等级的英文名称。"""
    valid_days: NotRequired[int | None]
    """For how many days the evidence counts; null when it does not end. 核验结果有效天数；长期有效为 null。"""


class ListLevelsReply(TypedDict):
    items: NotRequired[list[ListLevelsReplyItems]]
    """All levels of the jurisdiction, lowest first. 该地区全部实名等级，由低到高。"""
    jurisdiction: NotRequired[str]
    """Whose table of levels: a code of the configuration of up to 16 characters; in a request, the platform's own when left out. 适用等级表的地区代码，不超过 16 个字符，以配置为准；查询时不传则用本平台所属地区。"""


class ListMandateChangesReplyItems(TypedDict):
    at: NotRequired[str]
    """When the change was made, UTC. 变更时间（UTC）。"""
    facts: NotRequired[dict[str, Any]]
    """States, scopes and limits; no personal data. 状态、范围与限额；不含个人信息。"""
    revision: NotRequired[int]
    """The number of the change, from 1. 变更序号，从 1 起。"""
    what: NotRequired[str]
    """The change, such as mandate-accepted, revoked-by-agent or mandate-expired. 变更内容代码，如 mandate-accepted 已接受、revoked-by-agent 被授权人撤销、mandate-expired 到期。"""


class ListMandateChangesReply(TypedDict):
    items: NotRequired[list[ListMandateChangesReplyItems]]
    """The changes on this page, newest first. 本页变更记录，最新的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListMandatesReply(TypedDict):
    items: NotRequired[list[AcceptMandateReply]]
    """The mandates on this page, newest first. 本页授权，最新的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListPersonalRequestsReply(TypedDict):
    items: NotRequired[list[CancelPersonalRequestReply]]
    """The requests on this page, newest first. 本页请求，最新的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


ListRequestsToDecideReply = ListPersonalRequestsReply


class ListSessionsReplyItems(TypedDict):
    amr: NotRequired[list[str]]
    """How the person has signed in, by RFC 8176: pwd, otp, hwk, swk; ext is another identity provider. 登录方式（RFC 8176）：pwd 密码，otp 验证码，hwk、swk 通行密钥，ext 外部身份认证。"""
    current: NotRequired[bool]
    """It is the session of this call. 是否为本次调用所在的会话。"""
    device: NotRequired[str | None]
    """Name of the browser or device. 浏览器或设备名称。"""
    ends_at: NotRequired[str]
    """The end when there is no further sign of life, UTC. 若无后续活动，会话结束的时间（UTC）。"""
    kind: NotRequired[str]
    """citizen or officer. 会话类别：citizen 个人（法人），officer 工作人员。"""
    level: NotRequired[int]
    """Assurance level of the session now. 会话当前的实名等级。"""
    opened_at: NotRequired[str]
    """When the person signed in, UTC. 登录时间（UTC）。"""
    session_id: NotRequired[str]
    """The session's id, such as ses_…. 会话编号（ses_ 开头）。"""
    used_at: NotRequired[str]
    """The last sign of life, UTC. 最近一次活动的时间（UTC）。"""


class ListSessionsReply(TypedDict):
    items: NotRequired[list[ListSessionsReplyItems]]
    """The sessions on this page, newest first. 本页会话，最新的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListSignInMethodsReply(TypedDict):
    items: NotRequired[list[FinishAddingPasskeyReply]]
    """The sign-in methods, oldest first. 登录方式，最早的在前。"""
    recovery_codes: NotRequired[int]
    """How many recovery codes are left. 剩余恢复码数量。"""
    username: NotRequired[str | None]
    """The username; null without one. 用户名；未设置为 null。"""


class ListUpstreamLinksReplyItems(TypedDict):
    created_at: NotRequired[str]
    """When the link was made, UTC. 绑定时间（UTC）。"""
    last_used_at: NotRequired[str]
    """When the person last signed in by it, UTC. 最近一次以此登录的时间（UTC）。"""
    link_id: NotRequired[str]
    """The link's id, such as upl_…. 绑定编号（upl_ 开头）。"""
    provider: NotRequired[str]
    """The provider's name in the configuration, such as national. 认证渠道名称，以配置为准，如 national。"""
    title: NotRequired[str]
    """The provider's title in the caller's language, to be shown. 认证渠道的显示名称，语言与调用方一致。"""


class ListUpstreamLinksReply(TypedDict):
    items: NotRequired[list[ListUpstreamLinksReplyItems]]
    """The links, oldest first. 全部绑定，最早的在前。"""


class MakeRecoveryCodesReply(TypedDict):
    codes: NotRequired[list[str]]
    """The codes, each good once; they are shown now and never again. 恢复码，每个限用一次；仅显示一次。"""


NameSignInMethodReply = FinishAddingPasskeyReply


ProveRepresentationReply = AcceptMandateReply


RefuseMandateReply = AcceptMandateReply


RegisterAppReply = IssueAppKeyReply


RegisterOrganisationReply = AddEvidenceReply


RegisterPersonReply = AddEvidenceReply


RemoveSignInMethodReply = ListSignInMethodsReply


RemoveUpstreamLinkReply = ListUpstreamLinksReply


RequestProductionReply = ChangeAppReply


RevokeAppKeyReply = ChangeAppReply


class RevokeConsentReply(TypedDict):
    app: NotRequired[str]
    """The app as it calls; in the sandbox its name ends with -sandbox. 应用的调用方名称；沙箱中以 -sandbox 结尾。"""
    revoked: NotRequired[int]
    """How many consents were revoked. 撤回的授权数。"""


RevokeForChildReply = AgreeForChildReply


RevokeMandateReply = AcceptMandateReply


class SendConfirmationCodeReply(TypedDict):
    challenge_id: NotRequired[str]
    """The id of the challenge, such as chl_…. 验证请求编号（chl_ 开头）。"""
    expires_at: NotRequired[str]
    """Until when it counts, UTC. 有效期至（UTC）。"""


SetUsernameReply = ListSignInMethodsReply


SubmitPersonalRequestReply = CancelPersonalRequestReply


class AppChangedData(TypedDict):
    app: NotRequired[str]
    """The app's name, app- and 1 to 28 of a-z, 0-9, -; callers and the broker's users have it. 应用名称，app- 加 1 至 28 位小写字母、数字或 -；调用方名称与消息代理用户名均为此名。"""
    changed_at: NotRequired[str]
    """When the change was made, UTC. 变更时间（UTC）。"""
    department_id: NotRequired[str]
    """The department's id, such as dep_…; it never changes. 部门编号（dep_ 开头），终身不变。"""
    production: NotRequired[str]
    """none, requested or approved. 生产开通情况：none 未开通，requested 待审批，approved 已开通。"""
    realm_id: NotRequired[str]
    """The realm: the tenant id of its population. 平台域编号，即其人口数据的租户编号。"""
    state: NotRequired[str]
    """active, frozen or closed. 状态：active 正常，frozen 冻结，closed 已下线。"""


class DepartmentChangedData(TypedDict):
    changed_at: NotRequired[str]
    """When the change was made, UTC. 变更时间（UTC）。"""
    department_id: NotRequired[str]
    """The department's id, such as dep_…; it never changes. 部门编号（dep_ 开头），终身不变。"""
    parent_id: NotRequired[str | None]
    """The department above; null is a root of the tree. 上级部门编号；为 null 表示根部门。"""
    realm_id: NotRequired[str]
    """The realm: the tenant id of its population. 平台域编号，即其人口数据的租户编号。"""
    state: NotRequired[str]
    """active, merged (its successor has all that was the department's) or closed. 状态：active 正常，merged 已合并（由继任部门承接），closed 已撤销。"""
    successor_id: NotRequired[str | None]
    """The department that this one was merged into; else null. 合并后的继任部门编号；未合并为 null。"""


class EvidenceSealedData(TypedDict):
    head: str
    """Merkle root over all segments so far, 64 hex digits. 截至本段的全部封存段的默克尔根，64 位十六进制。"""
    key_id: str
    """The key that signed the head. 签署链头的密钥编号。"""
    number: int
    """Number of the segment in this log, from 1. 该日志中封存段的序号，从 1 开始。"""
    owner: str
    """The department whose log was continued. 日志所属部门。"""
    signature: str
    """Ed25519 signature of the head, in base64. 链头的 Ed25519 签名，base64 编码。"""
    statement: str
    """The segment's statement as it is hashed: JSON with service, owner, number, first, count, root, previous, sealed_at and key_id. 封存段声明原文（按此计算哈希）：JSON，含 service、owner、number、first、count、root、previous、sealed_at 和 key_id。"""


class LevelRaisedData(TypedDict):
    evidence_kind: NotRequired[str]
    """The kind of evidence that raised the level: name-number-match, proof-of-presence, counter-check or certificate. 使等级提升的核验方式，取值同 add_evidence 的 kind。"""
    level: NotRequired[int]
    """The level after the change. 变更后的实名等级。"""
    level_before: NotRequired[int]
    """The level before the change. 变更前的实名等级。"""
    raised_at: NotRequired[str]
    """When the level was raised, UTC. 等级提升的时间（UTC）。"""
    subject_id: NotRequired[str]
    """The subject's id in this platform, such as sub_…; it stays the same for the subject's whole life. 主体编号（sub_ 开头），由平台生成，终身不变。"""


class MandateChangedData(TypedDict):
    agent_id: NotRequired[str | None]
    """Subject id of the agent; null until the agent has accepted. 被授权人的主体编号；尚未接受时为 null。"""
    changed_at: NotRequired[str]
    """When the change was made, UTC. 变更时间（UTC）。"""
    kind: NotRequired[str]
    """representative (legal representative), manager (may appoint handlers) or handler. 类别：representative 法定代表人，manager 管理员（可设立经办人），handler 经办人。"""
    mandate_id: NotRequired[str]
    """The mandate's id, such as man_…. 授权编号（man_ 开头）。"""
    principal_id: NotRequired[str]
    """Subject id of the person or organisation that is acted for. 授权人（自然人或组织）的主体编号。"""
    state: NotRequired[str]
    """proposed, active, suspended (principal or agent is frozen), refused, revoked, expired or ended. 状态：proposed 待接受，active 有效，suspended 中止（一方被冻结），refused 已拒绝，revoked 已撤销，expired 已到期，ended 已终止。"""
    what: NotRequired[str]
    """The change, such as mandate-accepted, revoked-by-agent or mandate-expired. 变更内容代码，如 mandate-accepted 已接受、revoked-by-agent 被授权人撤销、mandate-expired 到期。"""


class MembershipChangedData(TypedDict):
    changed_at: NotRequired[str]
    """When the change was made, UTC. 变更时间（UTC）。"""
    department_id: NotRequired[str]
    """The department's id, such as dep_…; it never changes. 部门编号（dep_ 开头），终身不变。"""
    membership_id: NotRequired[str]
    """The membership's id. 任职编号。"""
    realm_id: NotRequired[str]
    """The realm: the tenant id of its population. 平台域编号，即其人口数据的租户编号。"""
    state: NotRequired[str]
    """active or ended. 状态：active 任职中，ended 已结束。"""
    subject_id: NotRequired[str]
    """The officer's subject id. 工作人员的主体编号。"""


class PersonalRequestChangedData(TypedDict):
    changed_at: NotRequired[str]
    """When the change was made, UTC. 变更时间（UTC）。"""
    due_at: NotRequired[str]
    """By when it is answered, UTC. 办理期限（UTC）。"""
    kind: NotRequired[str]
    """inspect, copy, correct, delete, restrict, withdraw-consent or close-account. 请求类别：inspect 查阅，copy 复制，correct 更正，delete 删除，restrict 限制处理，withdraw-consent 撤回同意，close-account 注销账号。"""
    request_id: NotRequired[str]
    """The request's id, such as pir_…. 请求编号（pir_ 开头）。"""
    state: NotRequired[str]
    """submitted, done, refused or cancelled. 状态：submitted 办理中，done 已办结，refused 不予办理，cancelled 本人已撤回。"""
    subject_id: NotRequired[str]
    """The person's subject id. 当事人的主体编号。"""


class SignInCodeRequestedData(TypedDict):
    challenge_id: NotRequired[str]
    """The id of the challenge; the code itself is in no event. 验证码请求编号；事件中不含验证码。"""


class SignInMethodChangedData(TypedDict):
    subject_id: NotRequired[str]
    """The id of the subject whose account was changed. 账号变动的主体编号。"""
    what: NotRequired[str]
    """The change, such as password-changed or passkey-added. 变动内容代码，如 password-changed、passkey-added。"""


class SubjectMergedData(TypedDict):
    merged_at: NotRequired[str]
    """When the subjects were merged, UTC. 合并时间（UTC）。"""
    merged_id: NotRequired[str]
    """The id of the subject that was merged; it can still be read, and gives the subject that stays. 被合并的主体编号；仍可查询，返回保留的主体。"""
    subject_id: NotRequired[str]
    """The subject's id in this platform, such as sub_…; it stays the same for the subject's whole life. 主体编号（sub_ 开头），由平台生成，终身不变。"""


class SubjectRegisteredData(TypedDict):
    kind: NotRequired[str]
    """What the subject is: person (natural person) or organisation (legal person). 主体类别：person 自然人，organisation 法人或其他组织。"""
    level: NotRequired[int]
    """The level after registration, which is 1. 注册后的实名等级，固定为 1。"""
    locale: NotRequired[str]
    """The language for messages to the subject: zh-CN or en. 与该主体联系所用语言：zh-CN 或 en。"""
    registered_at: NotRequired[str]
    """When the subject was registered, UTC. 主体完成注册的时间（UTC）。"""
    subject_id: NotRequired[str]
    """The subject's id in this platform, such as sub_…; it stays the same for the subject's whole life. 主体编号（sub_ 开头），由平台生成，终身不变。"""


class SubjectStateChangedData(TypedDict):
    changed_at: NotRequired[str]
    """When the state changed, UTC. 状态变更的时间（UTC）。"""
    state: NotRequired[str]
    """active, frozen (can do nothing for a time) or closed (final). 状态：active 正常，frozen 冻结（期间不能办事），closed 注销（不可恢复）。"""
    state_before: NotRequired[str]
    """The state before the change: active, frozen or closed. 变更前的状态，取值同 state。"""
    subject_id: NotRequired[str]
    """The subject's id in this platform, such as sub_…; it stays the same for the subject's whole life. 主体编号（sub_ 开头），由平台生成，终身不变。"""
