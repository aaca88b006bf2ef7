"""Refusals of the directory, in the caller's terms."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound
from shared_components.kernel.names import InvalidName


class RealmNotFound(NotFound):
    """The caller's tenant belongs to no realm."""

    code = "identity.realm-not-found"
    texts = {"en": "There is no realm of this tenant.", "zh": "该租户不属于任何平台域。"}


class RealmExists(Conflict):
    code = "identity.realm-exists"
    texts = {"en": "There is a realm with this id already.", "zh": "平台域已存在。"}


class TenantTaken(Conflict):
    """A tenant id belongs to one realm and one department."""

    code = "identity.tenant-taken"
    texts = {"en": "The tenant id is in use already.", "zh": "该租户编号已被占用。"}


class DepartmentNotFound(NotFound):
    code = "identity.department-not-found"
    texts = {"en": "There is no such department.", "zh": "部门不存在。"}


class DepartmentNotActive(Conflict):
    code = "identity.department-not-active"
    texts = {"en": "The department is merged or closed.", "zh": "部门已合并或撤销。"}


class DepartmentExists(Conflict):
    """details.fields: name, code or credit_code."""

    code = "identity.department-exists"
    texts = {"en": "There is such a department already.", "zh": "已有同名、同编码或同信用代码的部门。"}


class DepartmentTreeInvalid(Conflict):
    code = "identity.department-tree-invalid"
    texts = {"en": "The tree of departments does not allow this.", "zh": "部门树不允许此变更。"}


class DepartmentNotEmpty(Conflict):
    """A department with departments below it is not closed."""

    code = "identity.department-not-empty"
    texts = {"en": "The department still has departments below it.", "zh": "部门仍有下级部门。"}


class DepartmentNameInvalid(InvalidName):
    code = "identity.department-name-invalid"
    texts = {"en": "The department's name has characters that names do not have.", "zh": "部门名称包含不允许的字符。"}


class MembershipNotFound(NotFound):
    code = "identity.membership-not-found"
    texts = {"en": "There is no such membership.", "zh": "任职关系不存在。"}


class MembershipExists(Conflict):
    code = "identity.membership-exists"
    texts = {"en": "The officer is a member of the department already.", "zh": "该工作人员已在该部门任职。"}


class PeriodInvalid(InvalidInput):
    code = "identity.period-invalid"
    texts = {"en": "The period ends before it begins.", "zh": "任职期限的结束日期早于开始日期。"}


class OfficerUnknown(InvalidInput):
    """The subject is not registered, not active, or no person of the realm."""

    code = "identity.officer-unknown"
    texts = {"en": "There is no active person of the realm with this id.", "zh": "该平台域内没有此有效自然人。"}


class AppNotFound(NotFound):
    """Also what another department's app looks like."""

    code = "identity.app-not-found"
    texts = {"en": "There is no such app.", "zh": "应用不存在。"}


class AppNameTaken(Conflict):
    code = "identity.app-name-taken"
    texts = {"en": "The app's name is in use already.", "zh": "应用名称已被占用。"}


class AppTitleInvalid(InvalidName):
    code = "identity.app-title-invalid"
    texts = {"en": "The app's title has characters that names do not have.", "zh": "应用标题包含不允许的字符。"}


class AppNotActive(Conflict):
    code = "identity.app-not-active"
    texts = {"en": "The app is frozen or closed.", "zh": "应用已冻结或下线。"}


class ProductionRequested(Conflict):
    code = "identity.production-requested"
    texts = {"en": "A decision on production is awaited.", "zh": "生产开通申请待审批。"}


class ProductionNotApproved(Conflict):
    code = "identity.production-not-approved"
    texts = {"en": "The app is not approved for production.", "zh": "应用尚未获准开通生产环境。"}


class DecisionNotAllowed(Forbidden):
    """The decision is for another officer of the responsible department: an approver or manager who did not ask."""

    code = "identity.decision-not-allowed"
    texts = {"en": "This officer may not decide on the app.", "zh": "该工作人员无权审批此应用。"}


class SelfServiceNotAllowed(Forbidden):
    """An app manages itself; an officer's console manages the apps of its department."""

    code = "identity.self-service-not-allowed"
    texts = {"en": "The app may not do this by itself.", "zh": "应用不能自行执行此操作。"}


class ClientInvalid(InvalidInput):
    """Settings for login that do not fit together, or not in production. details.fields names them."""

    code = "identity.client-invalid"
    texts = {"en": "The app's settings for login do not fit.", "zh": "应用的登录设置不符合要求。"}


class TooManyKeys(Conflict):
    code = "identity.too-many-keys"
    texts = {"en": "The app has as many keys as it may have.", "zh": "应用密钥数量已达上限。"}


class AppKeyNotFound(NotFound):
    code = "identity.app-key-not-found"
    texts = {"en": "There is no such key.", "zh": "密钥不存在。"}
