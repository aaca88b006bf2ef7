"""The refusals of the decision."""
from __future__ import annotations

from shared_components.kernel.errors import AppError, Forbidden, NotFound, Unauthenticated


class RowHidden(NotFound):
    """The caller may not see the row. A service answers with its own error for what does not exist."""

    code = "authority.not-found"
    texts = {"en": "There is no such thing.", "zh": "对象不存在。"}


class SubjectNeeded(Forbidden):
    code = "authority.subject-needed"
    texts = {"en": "The method needs a citizen's session.", "zh": "此方法须在个人（法人）登录会话中调用。"}


class NotForCitizens(Forbidden):
    """The method names no role in which a row may be about the citizen."""

    code = "authority.not-for-citizens"
    texts = {
        "en": "The method cannot be used in a citizen's session.", "zh": "此方法不能在个人（法人）登录会话中使用。"}


class SessionEnded(Unauthenticated):
    code = "authority.session-ended"
    texts = {"en": "The session has ended.", "zh": "登录会话已结束。"}


class AppClosed(Unauthenticated):
    code = "authority.app-closed"
    texts = {"en": "The app is frozen or closed.", "zh": "应用已冻结或下线。"}


class AppKeyRevoked(Unauthenticated):
    """The key by which the app's user logs in at the broker is revoked; another one counts after the next sync."""

    code = "authority.app-key-revoked"
    texts = {"en": "The key with which the app has logged in at the broker is revoked.",
             "zh": "应用登录消息代理所用的密钥已作废。"}


class MembershipEnded(Unauthenticated):
    code = "authority.membership-ended"
    texts = {"en": "The officer no longer works for this department.", "zh": "工作人员已不在该部门任职。"}


class LevelTooLow(Forbidden):
    code = "authority.level-too-low"
    texts = {"en": "The session's assurance level is too low.", "zh": "会话的实名认证等级不足。"}


class ScopeMissing(Forbidden):
    code = "authority.scope-missing"
    texts = {"en": "The session does not cover this resource.", "zh": "会话授权范围不包括该资源。"}


class RoleMissing(Forbidden):
    code = "authority.role-missing"
    texts = {"en": "The officer's role does not allow this method.", "zh": "工作人员的角色无权使用此方法。"}


class MandateMissing(Forbidden):
    code = "authority.mandate-missing"
    texts = {"en": "No live mandate covers this.", "zh": "没有有效的授权经办。"}


class GrantsNotServed(Forbidden):
    """The department holds or held a grant, and sharing by grants is not built yet."""

    code = "authority.grants-not-served"
    texts = {"en": "Sharing by grants is not available yet.", "zh": "共享授权暂未开通。"}


class AgreementsNotServed(Forbidden):
    """The owner has or had an agreement about the case, and agreements are not built yet."""

    code = "authority.agreements-not-served"
    texts = {"en": "Agreements on matters are not available yet.", "zh": "事项协议暂未开通。"}


AUTHORITY_ERRORS: tuple[type[AppError], ...] = (
    RowHidden, SubjectNeeded, NotForCitizens, SessionEnded, LevelTooLow, ScopeMissing, RoleMissing, MandateMissing,
    GrantsNotServed, AgreementsNotServed,
)
