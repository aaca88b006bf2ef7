"""Errors whose codes begin with `identity.`. Written by `zhongtai clients python`; do not edit."""
from __future__ import annotations

from shared_components.kernel import errors as _errors


class ActingForAnother(_errors.Forbidden):
    """Sign-in methods are managed by the person alone, never under a mandate. 登录方式只能由本人管理，不能代办。"""

    code = "identity.acting-for-another"
    http_status = 403
    texts = {'en': 'Sign-in methods are managed by the person alone, never under a mandate.', 'zh': '登录方式只能由本人管理，不能代办。'}
    of_client = True


class AgentInvalid(_errors.InvalidInput):
    """This person cannot be the agent. 该人员不能作为被授权人。"""

    code = "identity.agent-invalid"
    http_status = 400
    texts = {'en': 'This person cannot be the agent.', 'zh': '该人员不能作为被授权人。'}
    of_client = True


class AlreadyRegistered(_errors.Conflict):
    """This document cannot be registered again. 该证件已注册，不能重复注册。"""

    code = "identity.already-registered"
    http_status = 409
    texts = {'en': 'This document cannot be registered again.', 'zh': '该证件已注册，不能重复注册。'}
    of_client = True


class AppKeyNotFound(_errors.NotFound):
    """There is no such key. 密钥不存在。"""

    code = "identity.app-key-not-found"
    http_status = 404
    texts = {'en': 'There is no such key.', 'zh': '密钥不存在。'}
    of_client = True


class AppNameTaken(_errors.Conflict):
    """The app's name is in use already. 应用名称已被占用。"""

    code = "identity.app-name-taken"
    http_status = 409
    texts = {'en': "The app's name is in use already.", 'zh': '应用名称已被占用。'}
    of_client = True


class AppNotActive(_errors.Conflict):
    """The app is frozen or closed. 应用已冻结或下线。"""

    code = "identity.app-not-active"
    http_status = 409
    texts = {'en': 'The app is frozen or closed.', 'zh': '应用已冻结或下线。'}
    of_client = True


class AppNotFound(_errors.NotFound):
    """There is no such app. 应用不存在。"""

    code = "identity.app-not-found"
    http_status = 404
    texts = {'en': 'There is no such app.', 'zh': '应用不存在。'}
    of_client = True


class AppTitleInvalid(_errors.InvalidInput):
    """The app's title has characters that names do not have. 应用标题包含不允许的字符。"""

    code = "identity.app-title-invalid"
    http_status = 400
    texts = {'en': "The app's title has characters that names do not have.", 'zh': '应用标题包含不允许的字符。'}
    of_client = True


class AppointmentNotAllowed(_errors.Forbidden):
    """This session may not appoint or dismiss this agent. 当前会话无权设立或撤销该授权。"""

    code = "identity.appointment-not-allowed"
    http_status = 403
    texts = {'en': 'This session may not appoint or dismiss this agent.', 'zh': '当前会话无权设立或撤销该授权。'}
    of_client = True


class AuthorityUnavailable(_errors.Unavailable):
    """The authority cannot be asked now. 权威核验服务暂不可用。"""

    code = "identity.authority-unavailable"
    http_status = 503
    texts = {'en': 'The authority cannot be asked now.', 'zh': '权威核验服务暂不可用。'}
    of_client = True


class ClientInvalid(_errors.InvalidInput):
    """The app's settings for login do not fit. 应用的登录设置不符合要求。"""

    code = "identity.client-invalid"
    http_status = 400
    texts = {'en': "The app's settings for login do not fit.", 'zh': '应用的登录设置不符合要求。'}
    of_client = True


class CodeRefused(_errors.Forbidden):
    """The code is not accepted. Check it, or ask for a new one; use your identity number if others share your mobile or e-mail. 验证码未通过。请核对，或重新获取；手机号或邮箱与他人共用时，请改用证件号码。"""

    code = "identity.code-refused"
    http_status = 403
    texts = {'en': 'The code is not accepted. Check it, or ask for a new one; use your identity number if others share your mobile or e-mail.', 'zh': '验证码未通过。请核对，或重新获取；手机号或邮箱与他人共用时，请改用证件号码。'}
    of_client = True


class ConfirmationNeeded(_errors.Forbidden):
    """Confirm that it is you first. 请先重新验证身份。"""

    code = "identity.confirmation-needed"
    http_status = 403
    texts = {'en': 'Confirm that it is you first.', 'zh': '请先重新验证身份。'}
    of_client = True


class ConsentNotFound(_errors.NotFound):
    """There is no such consent. 授权记录不存在。"""

    code = "identity.consent-not-found"
    http_status = 404
    texts = {'en': 'There is no such consent.', 'zh': '授权记录不存在。'}
    of_client = True


class CorrectionInvalid(_errors.InvalidInput):
    """The correction cannot be made in this way. 更正内容不符合要求。"""

    code = "identity.correction-invalid"
    http_status = 400
    texts = {'en': 'The correction cannot be made in this way.', 'zh': '更正内容不符合要求。'}
    of_client = True


class DecisionForOfficers(_errors.Forbidden):
    """Only an officer who is not concerned decides on this. 只能由无利害关系的工作人员办理。"""

    code = "identity.decision-for-officers"
    http_status = 403
    texts = {'en': 'Only an officer who is not concerned decides on this.', 'zh': '只能由无利害关系的工作人员办理。'}
    of_client = True


class DepartmentNotActive(_errors.Conflict):
    """The department is merged or closed. 部门已合并或撤销。"""

    code = "identity.department-not-active"
    http_status = 409
    texts = {'en': 'The department is merged or closed.', 'zh': '部门已合并或撤销。'}
    of_client = True


class DepartmentNotFound(_errors.NotFound):
    """There is no such department. 部门不存在。"""

    code = "identity.department-not-found"
    http_status = 404
    texts = {'en': 'There is no such department.', 'zh': '部门不存在。'}
    of_client = True


class DocumentNumberInvalid(_errors.InvalidInput):
    """The document number has the wrong form. 证件号码格式不正确。"""

    code = "identity.document-number-invalid"
    http_status = 400
    texts = {'en': 'The document number has the wrong form.', 'zh': '证件号码格式不正确。'}
    of_client = True


class EvidenceNotAllowed(_errors.Forbidden):
    """This evidence is taken at a counter only. 该核验方式仅限窗口办理。"""

    code = "identity.evidence-not-allowed"
    http_status = 403
    texts = {'en': 'This evidence is taken at a counter only.', 'zh': '该核验方式仅限窗口办理。'}
    of_client = True


class EvidenceRefused(_errors.InvalidInput):
    """The authority did not confirm the evidence. 权威机构未能核验通过。"""

    code = "identity.evidence-refused"
    http_status = 422
    texts = {'en': 'The authority did not confirm the evidence.', 'zh': '权威机构未能核验通过。'}
    of_client = True


class GuardianConsentNeeded(_errors.Forbidden):
    """A person under 14 can sign in once a guardian has agreed. 未满十四周岁的，须经监护人同意后方可登录。"""

    code = "identity.guardian-consent-needed"
    http_status = 403
    texts = {'en': 'A person under 14 can sign in once a guardian has agreed.', 'zh': '未满十四周岁的，须经监护人同意后方可登录。'}
    of_client = True


class GuardianConsentNotFound(_errors.NotFound):
    """There is no such consent. 没有该同意记录。"""

    code = "identity.guardian-consent-not-found"
    http_status = 404
    texts = {'en': 'There is no such consent.', 'zh': '没有该同意记录。'}
    of_client = True


class GuardianNotConfirmed(_errors.Forbidden):
    """The authority did not confirm that you are the guardian of this child. 权威机构未能确认您是该未成年人的监护人。"""

    code = "identity.guardian-not-confirmed"
    http_status = 403
    texts = {'en': 'The authority did not confirm that you are the guardian of this child.', 'zh': '权威机构未能确认您是该未成年人的监护人。'}
    of_client = True


class HashingBusy(_errors.Unavailable):
    """Too many sign-ins at once; try again shortly. 当前登录人数较多，请稍后重试。"""

    code = "identity.hashing-busy"
    http_status = 503
    texts = {'en': 'Too many sign-ins at once; try again shortly.', 'zh': '当前登录人数较多，请稍后重试。'}
    of_client = True


class IdTypeUnknown(_errors.InvalidInput):
    """This type of identity document is not accepted. 不支持该证件类型。"""

    code = "identity.id-type-unknown"
    http_status = 400
    texts = {'en': 'This type of identity document is not accepted.', 'zh': '不支持该证件类型。'}
    of_client = True


class JurisdictionUnknown(_errors.NotFound):
    """There is no table of levels for this jurisdiction. 该地区未配置实名等级。"""

    code = "identity.jurisdiction-unknown"
    http_status = 404
    texts = {'en': 'There is no table of levels for this jurisdiction.', 'zh': '该地区未配置实名等级。'}
    of_client = True


class LastSignInMethod(_errors.Conflict):
    """The last way to sign in cannot be removed. 不能移除最后一种登录方式。"""

    code = "identity.last-sign-in-method"
    http_status = 409
    texts = {'en': 'The last way to sign in cannot be removed.', 'zh': '不能移除最后一种登录方式。'}
    of_client = True


class LinkNotFound(_errors.NotFound):
    """There is no such link. 绑定不存在。"""

    code = "identity.link-not-found"
    http_status = 404
    texts = {'en': 'There is no such link.', 'zh': '绑定不存在。'}
    of_client = True


class MandateNotFound(_errors.NotFound):
    """There is no such mandate. 授权不存在。"""

    code = "identity.mandate-not-found"
    http_status = 404
    texts = {'en': 'There is no such mandate.', 'zh': '授权不存在。'}
    of_client = True


class MandatePeriodInvalid(_errors.InvalidInput):
    """The mandate's period is over, or ends before it begins. 授权期限已过，或结束日期早于开始日期。"""

    code = "identity.mandate-period-invalid"
    http_status = 400
    texts = {'en': "The mandate's period is over, or ends before it begins.", 'zh': '授权期限已过，或结束日期早于开始日期。'}
    of_client = True


class MandateTooWide(_errors.Forbidden):
    """The mandate is wider than what may be given. 授权超出了授权人自身的权限。"""

    code = "identity.mandate-too-wide"
    http_status = 403
    texts = {'en': 'The mandate is wider than what may be given.', 'zh': '授权超出了授权人自身的权限。'}
    of_client = True


class NameInvalid(_errors.InvalidInput):
    """The name has characters that names do not have. 姓名或名称包含不允许的字符。"""

    code = "identity.name-invalid"
    http_status = 400
    texts = {'en': 'The name has characters that names do not have.', 'zh': '姓名或名称包含不允许的字符。'}
    of_client = True


class PasskeyRefused(_errors.Forbidden):
    """The passkey is not accepted. 通行密钥未通过验证。"""

    code = "identity.passkey-refused"
    http_status = 403
    texts = {'en': 'The passkey is not accepted.', 'zh': '通行密钥未通过验证。'}
    of_client = True


class PasskeysNotConfigured(_errors.Unavailable):
    """Passkeys are not set up on this platform. 本平台尚未配置通行密钥。"""

    code = "identity.passkeys-not-configured"
    http_status = 503
    texts = {'en': 'Passkeys are not set up on this platform.', 'zh': '本平台尚未配置通行密钥。'}
    of_client = True


class PasswordNotAllowed(_errors.InvalidInput):
    """This password is not allowed. 该密码不符合要求。"""

    code = "identity.password-not-allowed"
    http_status = 422
    texts = {'en': 'This password is not allowed.', 'zh': '该密码不符合要求。'}
    of_client = True


class PersonalCopyGone(_errors.NotFound):
    """There is no copy to fetch. 没有可领取的副本，或领取期限已过。"""

    code = "identity.personal-copy-gone"
    http_status = 404
    texts = {'en': 'There is no copy to fetch.', 'zh': '没有可领取的副本，或领取期限已过。'}
    of_client = True


class PersonalRequestNotFound(_errors.NotFound):
    """There is no such request. 该请求不存在。"""

    code = "identity.personal-request-not-found"
    http_status = 404
    texts = {'en': 'There is no such request.', 'zh': '该请求不存在。'}
    of_client = True


class PersonalRequestOpen(_errors.Conflict):
    """A request of this kind is in work already. 同类请求正在办理中。"""

    code = "identity.personal-request-open"
    http_status = 409
    texts = {'en': 'A request of this kind is in work already.', 'zh': '同类请求正在办理中。'}
    of_client = True


class ProductionNotApproved(_errors.Conflict):
    """The app is not approved for production. 应用尚未获准开通生产环境。"""

    code = "identity.production-not-approved"
    http_status = 409
    texts = {'en': 'The app is not approved for production.', 'zh': '应用尚未获准开通生产环境。'}
    of_client = True


class ProductionRequested(_errors.Conflict):
    """A decision on production is awaited. 生产开通申请待审批。"""

    code = "identity.production-requested"
    http_status = 409
    texts = {'en': 'A decision on production is awaited.', 'zh': '生产开通申请待审批。'}
    of_client = True


class RealmNotFound(_errors.NotFound):
    """There is no realm of this tenant. 该租户不属于任何平台域。"""

    code = "identity.realm-not-found"
    http_status = 404
    texts = {'en': 'There is no realm of this tenant.', 'zh': '该租户不属于任何平台域。'}
    of_client = True


class ReasonMissing(_errors.InvalidInput):
    """A refusal needs its reason. 不予办理须说明理由。"""

    code = "identity.reason-missing"
    http_status = 400
    texts = {'en': 'A refusal needs its reason.', 'zh': '不予办理须说明理由。'}
    of_client = True


class RepresentationRefused(_errors.InvalidInput):
    """The register did not confirm the legal representative. 登记机关未能核实法定代表人身份。"""

    code = "identity.representation-refused"
    http_status = 422
    texts = {'en': 'The register did not confirm the legal representative.', 'zh': '登记机关未能核实法定代表人身份。'}
    of_client = True


class SelfServiceNotAllowed(_errors.Forbidden):
    """The app may not do this by itself. 应用不能自行执行此操作。"""

    code = "identity.self-service-not-allowed"
    http_status = 403
    texts = {'en': 'The app may not do this by itself.', 'zh': '应用不能自行执行此操作。'}
    of_client = True


class SessionNotFound(_errors.NotFound):
    """There is no such session. 登录会话不存在。"""

    code = "identity.session-not-found"
    http_status = 404
    texts = {'en': 'There is no such session.', 'zh': '登录会话不存在。'}
    of_client = True


class SignInDetailsRefused(_errors.Forbidden):
    """These sign-in details are not accepted. Check them, use your identity number if others share your mobile or e-mail, or try again later. 登录信息未通过。请核对后重试；手机号或邮箱与他人共用时，请改用证件号码；或稍后再试。"""

    code = "identity.sign-in-details-refused"
    http_status = 403
    texts = {'en': 'These sign-in details are not accepted. Check them, use your identity number if others share your mobile or e-mail, or try again later.', 'zh': '登录信息未通过。请核对后重试；手机号或邮箱与他人共用时，请改用证件号码；或稍后再试。'}
    of_client = True


class SignInMethodNotFound(_errors.NotFound):
    """There is no such sign-in method. 没有该登录方式。"""

    code = "identity.sign-in-method-not-found"
    http_status = 404
    texts = {'en': 'There is no such sign-in method.', 'zh': '没有该登录方式。'}
    of_client = True


class SubjectNotActive(_errors.Conflict):
    """The subject is frozen or closed. 用户主体已冻结或注销。"""

    code = "identity.subject-not-active"
    http_status = 409
    texts = {'en': 'The subject is frozen or closed.', 'zh': '用户主体已冻结或注销。'}
    of_client = True


class SubjectNotFound(_errors.NotFound):
    """There is no such subject. 用户主体不存在。"""

    code = "identity.subject-not-found"
    http_status = 404
    texts = {'en': 'There is no such subject.', 'zh': '用户主体不存在。'}
    of_client = True


class TooManyAttempts(_errors.TooManyRequests):
    """Too many sign-in attempts; wait before the next one. 登录尝试过于频繁，请稍后再试。"""

    code = "identity.too-many-attempts"
    http_status = 429
    texts = {'en': 'Too many sign-in attempts; wait before the next one.', 'zh': '登录尝试过于频繁，请稍后再试。'}
    of_client = True


class TooManyCodes(_errors.TooManyRequests):
    """Too many codes were asked for; wait before the next one. 验证码获取过于频繁，请稍后再试。"""

    code = "identity.too-many-codes"
    http_status = 429
    texts = {'en': 'Too many codes were asked for; wait before the next one.', 'zh': '验证码获取过于频繁，请稍后再试。'}
    of_client = True


class TooManyKeys(_errors.Conflict):
    """The app has as many keys as it may have. 应用密钥数量已达上限。"""

    code = "identity.too-many-keys"
    http_status = 409
    texts = {'en': 'The app has as many keys as it may have.', 'zh': '应用密钥数量已达上限。'}
    of_client = True


class TooManyMandates(_errors.Conflict):
    """The principal has as many open mandates as allowed. 授权人未结束的授权数量已达上限。"""

    code = "identity.too-many-mandates"
    http_status = 409
    texts = {'en': 'The principal has as many open mandates as allowed.', 'zh': '授权人未结束的授权数量已达上限。'}
    of_client = True


class TooManySignInMethods(_errors.Conflict):
    """The account has as many sign-in methods of this kind as are allowed. 该类登录方式的数量已达上限。"""

    code = "identity.too-many-sign-in-methods"
    http_status = 409
    texts = {'en': 'The account has as many sign-in methods of this kind as are allowed.', 'zh': '该类登录方式的数量已达上限。'}
    of_client = True


class UsernameNotAllowed(_errors.InvalidInput):
    """This username is not allowed. 该用户名不符合要求。"""

    code = "identity.username-not-allowed"
    http_status = 422
    texts = {'en': 'This username is not allowed.', 'zh': '该用户名不符合要求。'}
    of_client = True


class UsernameTaken(_errors.Conflict):
    """This username is taken. 该用户名已被使用。"""

    code = "identity.username-taken"
    http_status = 409
    texts = {'en': 'This username is taken.', 'zh': '该用户名已被使用。'}
    of_client = True
