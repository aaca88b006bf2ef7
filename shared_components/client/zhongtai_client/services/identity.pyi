"""Methods of service `identity`. Written by `zhongtai clients python`; do not edit."""
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from zhongtai_client.types import identity as types


class Identity:
    """Knows persons and organisations and how surely each is who they say; departments, officers and apps. 登记自然人和组织，并掌握其身份核验到何种程度；管理部门、工作人员和应用。"""

    def accept_mandate(
        self, *,
        mandate_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.AcceptMandateReply:
        """Accept a mandate; the acting person may act under it from now on. 接受授权，此后可代为办理。

        Raises identity.MandateNotFound, identity.MandatePeriodInvalid, identity.SubjectNotActive, identity.SubjectNotFound, platform.IllegalTransition."""

    def add_evidence(
        self, *,
        kind: Literal["name-number-match", "proof-of-presence", "counter-check", "certificate"],
        subject_id: str,
        data: Mapping[str, str] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.AddEvidenceReply:
        """Have an authority confirm a subject, which may raise its level. 提请权威机构核验主体身份，通过后可提升实名等级。

        Raises identity.AuthorityUnavailable, identity.EvidenceNotAllowed, identity.EvidenceRefused, identity.SubjectNotActive, identity.SubjectNotFound."""

    def agree_for_child(
        self, *,
        child_name: str,
        child_number: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.AgreeForChildReply:
        """Agree, as the guardian whom an authority confirms, that a child under 14 uses an account. 监护人同意未满十四周岁的子女使用账号；监护关系由权威机构核实。

        Raises identity.ActingForAnother, identity.AuthorityUnavailable, identity.GuardianNotConfirmed."""

    def appoint_agent(
        self, *,
        agent_id_number: str,
        agent_name: str,
        scopes: Sequence[str],
        agent_id_type: str = ...,
        kind: Literal["manager", "handler"] = ...,
        limit_minor: int | None = ...,
        matters: Sequence[str] = ...,
        valid_from: str | None = ...,
        valid_until: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.AppointAgentReply:
        """Appoint an agent for the acting person or organisation; in force when the agent accepts. 授权他人经办：为本人，或为当前代表的组织设立经办人、管理员；对方接受后生效。

        Raises identity.AgentInvalid, identity.AppointmentNotAllowed, identity.DocumentNumberInvalid, identity.IdTypeUnknown, identity.MandatePeriodInvalid, identity.MandateTooWide, identity.NameInvalid, identity.SubjectNotActive, identity.SubjectNotFound, identity.TooManyMandates, kernel.InvalidNumber."""

    def begin_adding_passkey(
        self, *,
        confirmation: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.BeginAddingPasskeyReply:
        """Options for the browser's `navigator.credentials.create`. 开始添加通行密钥，返回浏览器所需参数。

        Raises identity.ActingForAnother, identity.ConfirmationNeeded, identity.PasskeysNotConfigured, identity.TooManySignInMethods."""

    def begin_totp(
        self, *,
        confirmation: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.BeginTotpReply:
        """Make a secret for an authenticator app; it counts once its first code was shown. 开始启用动态口令，返回密钥；输入首个口令后生效。

        Raises identity.ActingForAnother, identity.ConfirmationNeeded."""

    def cancel_personal_request(
        self, *,
        request_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CancelPersonalRequestReply:
        """Take back a request that is not decided yet. 撤回本人尚未办结的个人信息权利请求。

        Raises identity.PersonalRequestNotFound, platform.IllegalTransition."""

    def change_app(
        self, *,
        app: str,
        scopes: Sequence[str],
        title: str,
        calls_per_s: int | None = ...,
        client_type: Literal["confidential", "public"] = ...,
        in_flight: int | None = ...,
        jwks: types.ChangeAppJwks | None = ...,
        post_logout_redirect_uris: Sequence[str] = ...,
        redirect_uris: Sequence[str] = ...,
        sensitive_scopes: Sequence[Literal["credential"]] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ChangeAppReply:
        """Change an app's title and settings; in production they hold after the next approval. 修改应用标题与设置；生产环境中的设置须重新申请后生效。

        Raises identity.AppNotActive, identity.AppNotFound, identity.AppTitleInvalid, identity.ClientInvalid, identity.ProductionRequested, identity.RealmNotFound, identity.SelfServiceNotAllowed."""

    def change_password(
        self, *,
        confirmation: str,
        new_password: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ChangePasswordReply:
        """Set or change the password; other sessions end when there was one. 设置或修改密码；修改后其他登录退出。

        Raises identity.ActingForAnother, identity.ConfirmationNeeded, identity.HashingBusy, identity.PasswordNotAllowed."""

    def close_app(
        self, *,
        app: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CloseAppReply:
        """Close an app with all of its keys; this is final. 应用下线，全部密钥吊销，不可恢复。

        Raises identity.AppNotActive, identity.AppNotFound, identity.RealmNotFound, identity.SelfServiceNotAllowed, platform.IllegalTransition."""

    def confirm_identity(
        self, *,
        method: Literal["password", "totp", "recovery-code", "code"],
        secret: str,
        challenge_id: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ConfirmIdentityReply:
        """Prove again that it is the person; the token allows changes for five minutes, in this session. 重新验证身份，取得五分钟内有效的确认凭据，用于变更登录方式。

        Raises identity.ActingForAnother, identity.CodeRefused, identity.ConfirmationNeeded, identity.GuardianConsentNeeded, identity.HashingBusy, identity.SignInDetailsRefused, identity.TooManyAttempts."""

    def decide_personal_request(
        self, *,
        grant: bool,
        request_id: str,
        reason: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.DecidePersonalRequestReply:
        """Do what a person asks for, or refuse it with a reason. 办理个人信息权利请求；不予办理须说明理由，不得办理本人的请求。

        Raises identity.DecisionForOfficers, identity.PersonalRequestNotFound, identity.ReasonMissing, identity.SubjectNotFound, platform.IllegalTransition."""

    def end_other_sessions(
        self, *,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.EndOtherSessionsReply:
        """End all of the acting person's sessions but that of this call. 结束当前登录人除本会话外的全部登录会话。"""

    def end_session(
        self, *,
        session_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.EndSessionReply:
        """End one of the acting person's sessions; its tokens count nowhere from the answer on. 结束当前登录人的一个登录会话；应答后其令牌即告失效。

        Raises identity.SessionNotFound."""

    def finish_adding_passkey(
        self, *,
        challenge_id: str,
        name: str,
        response: Mapping[str, Any],
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.FinishAddingPasskeyReply:
        """Add the passkey that the browser has made. 提交浏览器返回的结果，完成添加通行密钥。

        Raises identity.ActingForAnother, identity.PasskeyRefused, identity.PasskeysNotConfigured."""

    def finish_totp(
        self, *,
        code: str,
        confirmation: str,
        credential_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.FinishTotpReply:
        """Let an authenticator app count, in place of an earlier one. 输入首个动态口令，完成启用；原动态口令作废。

        Raises identity.ActingForAnother, identity.CodeRefused, identity.ConfirmationNeeded, identity.SignInMethodNotFound."""

    def get_app(
        self, *,
        app: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetAppReply:
        """An app and what is known of its keys, without the keys. 查询应用及其密钥记录（不含密钥本身）。

        Raises identity.AppNotActive, identity.AppNotFound, identity.RealmNotFound."""

    def get_mandate(
        self, *,
        mandate_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetMandateReply:
        """A mandate of the acting subject, as principal or as agent. 查询一项授权。

        Raises identity.MandateNotFound."""

    def get_personal_copy(
        self, *,
        request_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetPersonalCopyReply:
        """The signed copy of what identity holds of the acting person. 领取本人信息副本（JSON，附签名）。

        Raises identity.PersonalCopyGone, identity.PersonalRequestNotFound."""

    def get_personal_request(
        self, *,
        request_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetPersonalRequestReply:
        """One of the acting person's requests. 查询本人的个人信息权利请求。

        Raises identity.PersonalRequestNotFound."""

    def get_subject(
        self, *,
        subject_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetSubjectReply:
        """A subject with its personal fields masked. 查询主体，姓名、证件号码等已脱敏。

        Raises identity.SubjectNotFound."""

    def introspect_token(
        self, *,
        token: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.IntrospectTokenReply:
        """Whether an access token that the app was shown counts now; only tokens of the app itself are told of. 查询向应用出示的访问令牌当前是否有效；只回答签发给该应用的令牌。"""

    def issue_app_key(
        self, *,
        app: str,
        environment: Literal["production", "sandbox"],
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.IssueAppKeyReply:
        """Issue a key, shown this once; each environment has at most two that open. 发放新密钥（仅显示一次）；每个环境最多两个有效密钥。

        Raises identity.AppNotActive, identity.AppNotFound, identity.ProductionNotApproved, identity.RealmNotFound, identity.SelfServiceNotAllowed, identity.TooManyKeys."""

    def list_apps(
        self, *,
        after: str | None = ...,
        department_id: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListAppsReply:
        """Apps that the caller manages. 列出调用方管理的应用。

        Raises identity.AppNotActive, identity.RealmNotFound, platform.PageCursorInvalid."""

    def list_consents(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListConsentsReply:
        """List what the person of the session lets apps see and do. 列出本人对各应用的授权。

        Raises platform.PageCursorInvalid."""

    def list_evidence(
        self, *,
        subject_id: str,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListEvidenceReply:
        """Evidence on a subject, newest first. 查询主体的核验记录，最新的在前。

        Raises identity.SubjectNotFound, platform.PageCursorInvalid."""

    def list_for_children(
        self, *,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListForChildrenReply:
        """The acting person's consents to children's accounts, newest first. 查询本人为子女账号作出的同意，最新的在前。

        Raises identity.ActingForAnother."""

    def list_levels(
        self, *,
        jurisdiction: str = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListLevelsReply:
        """The assurance levels of a jurisdiction and the evidence that each needs. 查询某地区的实名等级及各级所需的核验方式。

        Raises identity.JurisdictionUnknown."""

    def list_mandate_changes(
        self, *,
        mandate_id: str,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListMandateChangesReply:
        """History of a mandate, newest first. 查询授权的变更记录，最新的在前。

        Raises identity.MandateNotFound, platform.PageCursorInvalid."""

    def list_mandates(
        self, *,
        after: str | None = ...,
        direction: Literal["given", "received"] = ...,
        limit: int = ...,
        state: Literal["proposed", "active", "suspended", "refused", "revoked", "expired", "ended", None] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListMandatesReply:
        """Mandates that the acting subject has given or received, newest first. 列出本方授出或收到的授权，最新的在前。

        Raises platform.PageCursorInvalid."""

    def list_personal_requests(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        state: Literal["submitted", "done", "refused", "cancelled", None] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListPersonalRequestsReply:
        """The acting person's requests, newest first. 列出本人的个人信息权利请求，最新的在前。

        Raises platform.PageCursorInvalid."""

    def list_requests_to_decide(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        state: Literal["submitted", "done", "refused", "cancelled", None] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListRequestsToDecideReply:
        """Requests that officers of the department decide, newest first. 列出由本部门办理的个人信息权利请求，最新的在前。

        Raises identity.DecisionForOfficers, platform.PageCursorInvalid."""

    def list_sessions(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListSessionsReply:
        """The acting person's sessions, newest first. 列出当前登录人的登录会话，最新的在前。

        Raises platform.PageCursorInvalid."""

    def list_sign_in_methods(
        self, *,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListSignInMethodsReply:
        """The acting person's sign-in methods, without their secrets. 查询本人的登录方式。

        Raises identity.ActingForAnother."""

    def list_upstream_links(
        self, *,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListUpstreamLinksReply:
        """The acting person's identities at other providers. 列出本人绑定的其他身份认证渠道。"""

    def make_recovery_codes(
        self, *,
        confirmation: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.MakeRecoveryCodesReply:
        """Make recovery codes; earlier ones count no more. They are shown once. 生成新的恢复码，原恢复码作废。

        Raises identity.ActingForAnother, identity.ConfirmationNeeded."""

    def name_sign_in_method(
        self, *,
        credential_id: str,
        name: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.NameSignInMethodReply:
        """Give a passkey a name by which the person knows it again. 为通行密钥命名。

        Raises identity.ActingForAnother, identity.SignInMethodNotFound."""

    def prove_representation(
        self, *,
        credit_code: str,
        organisation_name: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ProveRepresentationReply:
        """Have the register confirm that the acting person is an organisation's legal representative. 法人入口：经登记机关核实后，当前登录人成为该组织的法定代表人。

        Raises identity.AuthorityUnavailable, identity.NameInvalid, identity.RepresentationRefused, identity.SubjectNotActive, identity.SubjectNotFound, kernel.InvalidNumber."""

    def refuse_mandate(
        self, *,
        mandate_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RefuseMandateReply:
        """Refuse a mandate that was proposed to the acting person. 拒绝授权。

        Raises identity.MandateNotFound, platform.IllegalTransition."""

    def register_app(
        self, *,
        app: str,
        title: str,
        calls_per_s: int | None = ...,
        client_type: Literal["confidential", "public"] = ...,
        department_id: str | None = ...,
        in_flight: int | None = ...,
        jwks: types.ChangeAppJwks | None = ...,
        kind: Literal["department", "portal", "officer"] = ...,
        post_logout_redirect_uris: Sequence[str] = ...,
        redirect_uris: Sequence[str] = ...,
        scopes: Sequence[str] = ...,
        sensitive_scopes: Sequence[Literal["credential"]] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RegisterAppReply:
        """Register an app; its sandbox key is shown this once. 登记应用，立即发放沙箱密钥（仅显示一次）。

        Raises identity.AppNameTaken, identity.AppNotActive, identity.AppTitleInvalid, identity.ClientInvalid, identity.DepartmentNotActive, identity.DepartmentNotFound, identity.RealmNotFound, identity.SelfServiceNotAllowed."""

    def register_organisation(
        self, *,
        credit_code: str,
        name: str,
        email: str | None = ...,
        locale: Literal["zh-CN", "en"] = ...,
        mobile: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RegisterOrganisationReply:
        """Register an organisation with its unified social credit code; the level is 1. 登记法人或其他组织及其统一社会信用代码，初始实名等级为 1。

        Raises identity.AlreadyRegistered, identity.NameInvalid, kernel.InvalidNumber."""

    def register_person(
        self, *,
        id_number: str,
        name: str,
        email: str | None = ...,
        id_type: str = ...,
        locale: Literal["zh-CN", "en"] = ...,
        mobile: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RegisterPersonReply:
        """Register a person with an identity document; the level is 1. 登记自然人及其身份证件，初始实名等级为 1。

        Raises identity.AlreadyRegistered, identity.DocumentNumberInvalid, identity.IdTypeUnknown, identity.NameInvalid, kernel.InvalidNumber."""

    def remove_sign_in_method(
        self, *,
        confirmation: str,
        credential_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RemoveSignInMethodReply:
        """Remove a sign-in method; other sessions end. 移除一种登录方式，其他登录退出。

        Raises identity.ActingForAnother, identity.ConfirmationNeeded, identity.LastSignInMethod, identity.SignInMethodNotFound."""

    def remove_upstream_link(
        self, *,
        link_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RemoveUpstreamLinkReply:
        """Remove one of the acting person's identities at other providers. 解除与其他身份认证渠道的绑定。

        Raises identity.LinkNotFound."""

    def request_production(
        self, *,
        app: str,
        officer_id: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RequestProductionReply:
        """Ask for production; the app's department decides, of portals the realm. 申请开通生产环境；由应用所属部门审批，总入口由平台域审批。

        Raises identity.AppNotActive, identity.AppNotFound, identity.ClientInvalid, identity.RealmNotFound, identity.SelfServiceNotAllowed, platform.IllegalTransition."""

    def revoke_app_key(
        self, *,
        app: str,
        key_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RevokeAppKeyReply:
        """Revoke a key; it never opens again. 吊销密钥，不可恢复。

        Raises identity.AppKeyNotFound, identity.AppNotActive, identity.AppNotFound, identity.RealmNotFound, identity.SelfServiceNotAllowed, platform.IllegalTransition."""

    def revoke_consent(
        self, *,
        app: str,
        scope: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RevokeConsentReply:
        """Revoke consents to an app; its tokens of the person count no more. 撤回本人对某应用的授权，其令牌随即失效。

        Raises identity.ConsentNotFound."""

    def revoke_for_child(
        self, *,
        consent_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RevokeForChildReply:
        """Take a consent back; the child's sessions end unless another guardian agrees. 撤回同意；没有其他监护人同意时，该账号的登录全部退出。

        Raises identity.ActingForAnother, identity.GuardianConsentNotFound."""

    def revoke_mandate(
        self, *,
        mandate_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RevokeMandateReply:
        """Revoke a mandate, as its principal or its agent; it ends at once. 撤销授权，双方均可撤销，立即生效。

        Raises identity.AppointmentNotAllowed, identity.MandateNotFound, platform.IllegalTransition."""

    def send_confirmation_code(
        self, *,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SendConfirmationCodeReply:
        """Send a code to the acting person's own contact. 向本人已登记的联系方式发送验证码，用于重新验证身份。

        Raises identity.ActingForAnother, identity.TooManyCodes."""

    def set_username(
        self, *,
        confirmation: str,
        username: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SetUsernameReply:
        """Choose a username, in place of the one before. 设置或修改用户名。

        Raises identity.ActingForAnother, identity.ConfirmationNeeded, identity.UsernameNotAllowed, identity.UsernameTaken."""

    def submit_personal_request(
        self, *,
        kind: Literal["inspect", "copy", "correct", "delete", "restrict", "withdraw-consent", "close-account"],
        corrections: types.SubmitPersonalRequestCorrections = ...,
        explanation: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SubmitPersonalRequestReply:
        """Exercise a right about the own personal information. 提交个人信息权利请求：查阅、复制、撤回同意即时办结，更正、删除、限制处理、注销由工作人员办理。

        Raises identity.CorrectionInvalid, identity.NameInvalid, identity.PersonalRequestOpen, identity.SubjectNotFound, platform.IllegalTransition."""

class AsyncIdentity:
    """Knows persons and organisations and how surely each is who they say; departments, officers and apps. 登记自然人和组织，并掌握其身份核验到何种程度；管理部门、工作人员和应用。"""

    async def accept_mandate(
        self, *,
        mandate_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.AcceptMandateReply:
        """Accept a mandate; the acting person may act under it from now on. 接受授权，此后可代为办理。

        Raises identity.MandateNotFound, identity.MandatePeriodInvalid, identity.SubjectNotActive, identity.SubjectNotFound, platform.IllegalTransition."""

    async def add_evidence(
        self, *,
        kind: Literal["name-number-match", "proof-of-presence", "counter-check", "certificate"],
        subject_id: str,
        data: Mapping[str, str] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.AddEvidenceReply:
        """Have an authority confirm a subject, which may raise its level. 提请权威机构核验主体身份，通过后可提升实名等级。

        Raises identity.AuthorityUnavailable, identity.EvidenceNotAllowed, identity.EvidenceRefused, identity.SubjectNotActive, identity.SubjectNotFound."""

    async def agree_for_child(
        self, *,
        child_name: str,
        child_number: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.AgreeForChildReply:
        """Agree, as the guardian whom an authority confirms, that a child under 14 uses an account. 监护人同意未满十四周岁的子女使用账号；监护关系由权威机构核实。

        Raises identity.ActingForAnother, identity.AuthorityUnavailable, identity.GuardianNotConfirmed."""

    async def appoint_agent(
        self, *,
        agent_id_number: str,
        agent_name: str,
        scopes: Sequence[str],
        agent_id_type: str = ...,
        kind: Literal["manager", "handler"] = ...,
        limit_minor: int | None = ...,
        matters: Sequence[str] = ...,
        valid_from: str | None = ...,
        valid_until: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.AppointAgentReply:
        """Appoint an agent for the acting person or organisation; in force when the agent accepts. 授权他人经办：为本人，或为当前代表的组织设立经办人、管理员；对方接受后生效。

        Raises identity.AgentInvalid, identity.AppointmentNotAllowed, identity.DocumentNumberInvalid, identity.IdTypeUnknown, identity.MandatePeriodInvalid, identity.MandateTooWide, identity.NameInvalid, identity.SubjectNotActive, identity.SubjectNotFound, identity.TooManyMandates, kernel.InvalidNumber."""

    async def begin_adding_passkey(
        self, *,
        confirmation: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.BeginAddingPasskeyReply:
        """Options for the browser's `navigator.credentials.create`. 开始添加通行密钥，返回浏览器所需参数。

        Raises identity.ActingForAnother, identity.ConfirmationNeeded, identity.PasskeysNotConfigured, identity.TooManySignInMethods."""

    async def begin_totp(
        self, *,
        confirmation: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.BeginTotpReply:
        """Make a secret for an authenticator app; it counts once its first code was shown. 开始启用动态口令，返回密钥；输入首个口令后生效。

        Raises identity.ActingForAnother, identity.ConfirmationNeeded."""

    async def cancel_personal_request(
        self, *,
        request_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CancelPersonalRequestReply:
        """Take back a request that is not decided yet. 撤回本人尚未办结的个人信息权利请求。

        Raises identity.PersonalRequestNotFound, platform.IllegalTransition."""

    async def change_app(
        self, *,
        app: str,
        scopes: Sequence[str],
        title: str,
        calls_per_s: int | None = ...,
        client_type: Literal["confidential", "public"] = ...,
        in_flight: int | None = ...,
        jwks: types.ChangeAppJwks | None = ...,
        post_logout_redirect_uris: Sequence[str] = ...,
        redirect_uris: Sequence[str] = ...,
        sensitive_scopes: Sequence[Literal["credential"]] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ChangeAppReply:
        """Change an app's title and settings; in production they hold after the next approval. 修改应用标题与设置；生产环境中的设置须重新申请后生效。

        Raises identity.AppNotActive, identity.AppNotFound, identity.AppTitleInvalid, identity.ClientInvalid, identity.ProductionRequested, identity.RealmNotFound, identity.SelfServiceNotAllowed."""

    async def change_password(
        self, *,
        confirmation: str,
        new_password: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ChangePasswordReply:
        """Set or change the password; other sessions end when there was one. 设置或修改密码；修改后其他登录退出。

        Raises identity.ActingForAnother, identity.ConfirmationNeeded, identity.HashingBusy, identity.PasswordNotAllowed."""

    async def close_app(
        self, *,
        app: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CloseAppReply:
        """Close an app with all of its keys; this is final. 应用下线，全部密钥吊销，不可恢复。

        Raises identity.AppNotActive, identity.AppNotFound, identity.RealmNotFound, identity.SelfServiceNotAllowed, platform.IllegalTransition."""

    async def confirm_identity(
        self, *,
        method: Literal["password", "totp", "recovery-code", "code"],
        secret: str,
        challenge_id: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ConfirmIdentityReply:
        """Prove again that it is the person; the token allows changes for five minutes, in this session. 重新验证身份，取得五分钟内有效的确认凭据，用于变更登录方式。

        Raises identity.ActingForAnother, identity.CodeRefused, identity.ConfirmationNeeded, identity.GuardianConsentNeeded, identity.HashingBusy, identity.SignInDetailsRefused, identity.TooManyAttempts."""

    async def decide_personal_request(
        self, *,
        grant: bool,
        request_id: str,
        reason: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.DecidePersonalRequestReply:
        """Do what a person asks for, or refuse it with a reason. 办理个人信息权利请求；不予办理须说明理由，不得办理本人的请求。

        Raises identity.DecisionForOfficers, identity.PersonalRequestNotFound, identity.ReasonMissing, identity.SubjectNotFound, platform.IllegalTransition."""

    async def end_other_sessions(
        self, *,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.EndOtherSessionsReply:
        """End all of the acting person's sessions but that of this call. 结束当前登录人除本会话外的全部登录会话。"""

    async def end_session(
        self, *,
        session_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.EndSessionReply:
        """End one of the acting person's sessions; its tokens count nowhere from the answer on. 结束当前登录人的一个登录会话；应答后其令牌即告失效。

        Raises identity.SessionNotFound."""

    async def finish_adding_passkey(
        self, *,
        challenge_id: str,
        name: str,
        response: Mapping[str, Any],
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.FinishAddingPasskeyReply:
        """Add the passkey that the browser has made. 提交浏览器返回的结果，完成添加通行密钥。

        Raises identity.ActingForAnother, identity.PasskeyRefused, identity.PasskeysNotConfigured."""

    async def finish_totp(
        self, *,
        code: str,
        confirmation: str,
        credential_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.FinishTotpReply:
        """Let an authenticator app count, in place of an earlier one. 输入首个动态口令，完成启用；原动态口令作废。

        Raises identity.ActingForAnother, identity.CodeRefused, identity.ConfirmationNeeded, identity.SignInMethodNotFound."""

    async def get_app(
        self, *,
        app: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetAppReply:
        """An app and what is known of its keys, without the keys. 查询应用及其密钥记录（不含密钥本身）。

        Raises identity.AppNotActive, identity.AppNotFound, identity.RealmNotFound."""

    async def get_mandate(
        self, *,
        mandate_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetMandateReply:
        """A mandate of the acting subject, as principal or as agent. 查询一项授权。

        Raises identity.MandateNotFound."""

    async def get_personal_copy(
        self, *,
        request_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetPersonalCopyReply:
        """The signed copy of what identity holds of the acting person. 领取本人信息副本（JSON，附签名）。

        Raises identity.PersonalCopyGone, identity.PersonalRequestNotFound."""

    async def get_personal_request(
        self, *,
        request_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetPersonalRequestReply:
        """One of the acting person's requests. 查询本人的个人信息权利请求。

        Raises identity.PersonalRequestNotFound."""

    async def get_subject(
        self, *,
        subject_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetSubjectReply:
        """A subject with its personal fields masked. 查询主体，姓名、证件号码等已脱敏。

        Raises identity.SubjectNotFound."""

    async def introspect_token(
        self, *,
        token: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.IntrospectTokenReply:
        """Whether an access token that the app was shown counts now; only tokens of the app itself are told of. 查询向应用出示的访问令牌当前是否有效；只回答签发给该应用的令牌。"""

    async def issue_app_key(
        self, *,
        app: str,
        environment: Literal["production", "sandbox"],
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.IssueAppKeyReply:
        """Issue a key, shown this once; each environment has at most two that open. 发放新密钥（仅显示一次）；每个环境最多两个有效密钥。

        Raises identity.AppNotActive, identity.AppNotFound, identity.ProductionNotApproved, identity.RealmNotFound, identity.SelfServiceNotAllowed, identity.TooManyKeys."""

    async def list_apps(
        self, *,
        after: str | None = ...,
        department_id: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListAppsReply:
        """Apps that the caller manages. 列出调用方管理的应用。

        Raises identity.AppNotActive, identity.RealmNotFound, platform.PageCursorInvalid."""

    async def list_consents(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListConsentsReply:
        """List what the person of the session lets apps see and do. 列出本人对各应用的授权。

        Raises platform.PageCursorInvalid."""

    async def list_evidence(
        self, *,
        subject_id: str,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListEvidenceReply:
        """Evidence on a subject, newest first. 查询主体的核验记录，最新的在前。

        Raises identity.SubjectNotFound, platform.PageCursorInvalid."""

    async def list_for_children(
        self, *,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListForChildrenReply:
        """The acting person's consents to children's accounts, newest first. 查询本人为子女账号作出的同意，最新的在前。

        Raises identity.ActingForAnother."""

    async def list_levels(
        self, *,
        jurisdiction: str = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListLevelsReply:
        """The assurance levels of a jurisdiction and the evidence that each needs. 查询某地区的实名等级及各级所需的核验方式。

        Raises identity.JurisdictionUnknown."""

    async def list_mandate_changes(
        self, *,
        mandate_id: str,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListMandateChangesReply:
        """History of a mandate, newest first. 查询授权的变更记录，最新的在前。

        Raises identity.MandateNotFound, platform.PageCursorInvalid."""

    async def list_mandates(
        self, *,
        after: str | None = ...,
        direction: Literal["given", "received"] = ...,
        limit: int = ...,
        state: Literal["proposed", "active", "suspended", "refused", "revoked", "expired", "ended", None] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListMandatesReply:
        """Mandates that the acting subject has given or received, newest first. 列出本方授出或收到的授权，最新的在前。

        Raises platform.PageCursorInvalid."""

    async def list_personal_requests(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        state: Literal["submitted", "done", "refused", "cancelled", None] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListPersonalRequestsReply:
        """The acting person's requests, newest first. 列出本人的个人信息权利请求，最新的在前。

        Raises platform.PageCursorInvalid."""

    async def list_requests_to_decide(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        state: Literal["submitted", "done", "refused", "cancelled", None] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListRequestsToDecideReply:
        """Requests that officers of the department decide, newest first. 列出由本部门办理的个人信息权利请求，最新的在前。

        Raises identity.DecisionForOfficers, platform.PageCursorInvalid."""

    async def list_sessions(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListSessionsReply:
        """The acting person's sessions, newest first. 列出当前登录人的登录会话，最新的在前。

        Raises platform.PageCursorInvalid."""

    async def list_sign_in_methods(
        self, *,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListSignInMethodsReply:
        """The acting person's sign-in methods, without their secrets. 查询本人的登录方式。

        Raises identity.ActingForAnother."""

    async def list_upstream_links(
        self, *,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListUpstreamLinksReply:
        """The acting person's identities at other providers. 列出本人绑定的其他身份认证渠道。"""

    async def make_recovery_codes(
        self, *,
        confirmation: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.MakeRecoveryCodesReply:
        """Make recovery codes; earlier ones count no more. They are shown once. 生成新的恢复码，原恢复码作废。

        Raises identity.ActingForAnother, identity.ConfirmationNeeded."""

    async def name_sign_in_method(
        self, *,
        credential_id: str,
        name: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.NameSignInMethodReply:
        """Give a passkey a name by which the person knows it again. 为通行密钥命名。

        Raises identity.ActingForAnother, identity.SignInMethodNotFound."""

    async def prove_representation(
        self, *,
        credit_code: str,
        organisation_name: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ProveRepresentationReply:
        """Have the register confirm that the acting person is an organisation's legal representative. 法人入口：经登记机关核实后，当前登录人成为该组织的法定代表人。

        Raises identity.AuthorityUnavailable, identity.NameInvalid, identity.RepresentationRefused, identity.SubjectNotActive, identity.SubjectNotFound, kernel.InvalidNumber."""

    async def refuse_mandate(
        self, *,
        mandate_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RefuseMandateReply:
        """Refuse a mandate that was proposed to the acting person. 拒绝授权。

        Raises identity.MandateNotFound, platform.IllegalTransition."""

    async def register_app(
        self, *,
        app: str,
        title: str,
        calls_per_s: int | None = ...,
        client_type: Literal["confidential", "public"] = ...,
        department_id: str | None = ...,
        in_flight: int | None = ...,
        jwks: types.ChangeAppJwks | None = ...,
        kind: Literal["department", "portal", "officer"] = ...,
        post_logout_redirect_uris: Sequence[str] = ...,
        redirect_uris: Sequence[str] = ...,
        scopes: Sequence[str] = ...,
        sensitive_scopes: Sequence[Literal["credential"]] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RegisterAppReply:
        """Register an app; its sandbox key is shown this once. 登记应用，立即发放沙箱密钥（仅显示一次）。

        Raises identity.AppNameTaken, identity.AppNotActive, identity.AppTitleInvalid, identity.ClientInvalid, identity.DepartmentNotActive, identity.DepartmentNotFound, identity.RealmNotFound, identity.SelfServiceNotAllowed."""

    async def register_organisation(
        self, *,
        credit_code: str,
        name: str,
        email: str | None = ...,
        locale: Literal["zh-CN", "en"] = ...,
        mobile: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RegisterOrganisationReply:
        """Register an organisation with its unified social credit code; the level is 1. 登记法人或其他组织及其统一社会信用代码，初始实名等级为 1。

        Raises identity.AlreadyRegistered, identity.NameInvalid, kernel.InvalidNumber."""

    async def register_person(
        self, *,
        id_number: str,
        name: str,
        email: str | None = ...,
        id_type: str = ...,
        locale: Literal["zh-CN", "en"] = ...,
        mobile: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RegisterPersonReply:
        """Register a person with an identity document; the level is 1. 登记自然人及其身份证件，初始实名等级为 1。

        Raises identity.AlreadyRegistered, identity.DocumentNumberInvalid, identity.IdTypeUnknown, identity.NameInvalid, kernel.InvalidNumber."""

    async def remove_sign_in_method(
        self, *,
        confirmation: str,
        credential_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RemoveSignInMethodReply:
        """Remove a sign-in method; other sessions end. 移除一种登录方式，其他登录退出。

        Raises identity.ActingForAnother, identity.ConfirmationNeeded, identity.LastSignInMethod, identity.SignInMethodNotFound."""

    async def remove_upstream_link(
        self, *,
        link_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RemoveUpstreamLinkReply:
        """Remove one of the acting person's identities at other providers. 解除与其他身份认证渠道的绑定。

        Raises identity.LinkNotFound."""

    async def request_production(
        self, *,
        app: str,
        officer_id: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RequestProductionReply:
        """Ask for production; the app's department decides, of portals the realm. 申请开通生产环境；由应用所属部门审批，总入口由平台域审批。

        Raises identity.AppNotActive, identity.AppNotFound, identity.ClientInvalid, identity.RealmNotFound, identity.SelfServiceNotAllowed, platform.IllegalTransition."""

    async def revoke_app_key(
        self, *,
        app: str,
        key_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RevokeAppKeyReply:
        """Revoke a key; it never opens again. 吊销密钥，不可恢复。

        Raises identity.AppKeyNotFound, identity.AppNotActive, identity.AppNotFound, identity.RealmNotFound, identity.SelfServiceNotAllowed, platform.IllegalTransition."""

    async def revoke_consent(
        self, *,
        app: str,
        scope: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RevokeConsentReply:
        """Revoke consents to an app; its tokens of the person count no more. 撤回本人对某应用的授权，其令牌随即失效。

        Raises identity.ConsentNotFound."""

    async def revoke_for_child(
        self, *,
        consent_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RevokeForChildReply:
        """Take a consent back; the child's sessions end unless another guardian agrees. 撤回同意；没有其他监护人同意时，该账号的登录全部退出。

        Raises identity.ActingForAnother, identity.GuardianConsentNotFound."""

    async def revoke_mandate(
        self, *,
        mandate_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RevokeMandateReply:
        """Revoke a mandate, as its principal or its agent; it ends at once. 撤销授权，双方均可撤销，立即生效。

        Raises identity.AppointmentNotAllowed, identity.MandateNotFound, platform.IllegalTransition."""

    async def send_confirmation_code(
        self, *,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SendConfirmationCodeReply:
        """Send a code to the acting person's own contact. 向本人已登记的联系方式发送验证码，用于重新验证身份。

        Raises identity.ActingForAnother, identity.TooManyCodes."""

    async def set_username(
        self, *,
        confirmation: str,
        username: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SetUsernameReply:
        """Choose a username, in place of the one before. 设置或修改用户名。

        Raises identity.ActingForAnother, identity.ConfirmationNeeded, identity.UsernameNotAllowed, identity.UsernameTaken."""

    async def submit_personal_request(
        self, *,
        kind: Literal["inspect", "copy", "correct", "delete", "restrict", "withdraw-consent", "close-account"],
        corrections: types.SubmitPersonalRequestCorrections = ...,
        explanation: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SubmitPersonalRequestReply:
        """Exercise a right about the own personal information. 提交个人信息权利请求：查阅、复制、撤回同意即时办结，更正、删除、限制处理、注销由工作人员办理。

        Raises identity.CorrectionInvalid, identity.NameInvalid, identity.PersonalRequestOpen, identity.SubjectNotFound, platform.IllegalTransition."""
