"""Errors whose codes begin with `matter.`. Written by `zhongtai clients python`; do not edit."""
from __future__ import annotations

from shared_components.kernel import errors as _errors


class ApplicantMismatch(_errors.Forbidden):
    """Only the applicant may do this. 仅申请人本人可以操作。"""

    code = "matter.applicant-mismatch"
    http_status = 403
    texts = {'en': 'Only the applicant may do this.', 'zh': '仅申请人本人可以操作。'}
    of_client = True


class ApplicantMissing(_errors.InvalidInput):
    """The applicant is not named. 缺少申请主体。"""

    code = "matter.applicant-missing"
    http_status = 400
    texts = {'en': 'The applicant is not named.', 'zh': '缺少申请主体。'}
    of_client = True


class CaseAlreadyOpen(_errors.Conflict):
    """You already have an application for this that is being processed; apply again after it has ended. 您已有一件同一事项的申请正在办理，办结或撤回后方可再次申请。"""

    code = "matter.case-already-open"
    http_status = 409
    texts = {'en': 'You already have an application for this that is being processed; apply again after it has ended.', 'zh': '您已有一件同一事项的申请正在办理，办结或撤回后方可再次申请。'}
    of_client = True


class CaseAlreadyRated(_errors.Conflict):
    """The case was rated before; once is allowed. 该办件已评价；一事一评，不能重复评价。"""

    code = "matter.case-already-rated"
    http_status = 409
    texts = {'en': 'The case was rated before; once is allowed.', 'zh': '该办件已评价；一事一评，不能重复评价。'}
    of_client = True


class CaseNotAccepted(_errors.Conflict):
    """No limit of the case runs now. 办件当前没有正在计算的期限。"""

    code = "matter.case-not-accepted"
    http_status = 409
    texts = {'en': 'No limit of the case runs now.', 'zh': '办件当前没有正在计算的期限。'}
    of_client = True


class CaseNotCovered(_errors.Forbidden):
    """The session or the mandate does not cover this matter. 会话授权范围或授权经办不包括该事项。"""

    code = "matter.case-not-covered"
    http_status = 403
    texts = {'en': 'The session or the mandate does not cover this matter.', 'zh': '会话授权范围或授权经办不包括该事项。'}
    of_client = True


class CaseNotEditable(_errors.Conflict):
    """The case can no longer be changed. 办件已提交，不能修改。"""

    code = "matter.case-not-editable"
    http_status = 409
    texts = {'en': 'The case can no longer be changed.', 'zh': '办件已提交，不能修改。'}
    of_client = True


class CaseNotFound(_errors.NotFound):
    """There is no such case. 办件不存在。"""

    code = "matter.case-not-found"
    http_status = 404
    texts = {'en': 'There is no such case.', 'zh': '办件不存在。'}
    of_client = True


class CaseNotPaused(_errors.Conflict):
    """The case is not paused. 办件未暂停。"""

    code = "matter.case-not-paused"
    http_status = 409
    texts = {'en': 'The case is not paused.', 'zh': '办件未暂停。'}
    of_client = True


class CaseNotRatable(_errors.Conflict):
    """The case can be rated once it is decided. 办件办结后方可评价。"""

    code = "matter.case-not-ratable"
    http_status = 409
    texts = {'en': 'The case can be rated once it is decided.', 'zh': '办件办结后方可评价。'}
    of_client = True


class CaseNotReceived(_errors.Conflict):
    """The application is not waiting to be accepted. 办件不处于待受理状态。"""

    code = "matter.case-not-received"
    http_status = 409
    texts = {'en': 'The application is not waiting to be accepted.', 'zh': '办件不处于待受理状态。'}
    of_client = True


class CaseNotRunning(_errors.Conflict):
    """The case is not being processed. 办件不在办理中。"""

    code = "matter.case-not-running"
    http_status = 409
    texts = {'en': 'The case is not being processed.', 'zh': '办件不在办理中。'}
    of_client = True


class CaseNotWithdrawable(_errors.Conflict):
    """The case can no longer be withdrawn. 办件当前不能撤回。"""

    code = "matter.case-not-withdrawable"
    http_status = 409
    texts = {'en': 'The case can no longer be withdrawn.', 'zh': '办件当前不能撤回。'}
    of_client = True


class ChannelNotAllowed(_errors.InvalidInput):
    """This step cannot be paid through that channel. 该环节不支持所选支付渠道。"""

    code = "matter.channel-not-allowed"
    http_status = 400
    texts = {'en': 'This step cannot be paid through that channel.', 'zh': '该环节不支持所选支付渠道。'}
    of_client = True


class ClockNotStopped(_errors.Conflict):
    """The clock of the case runs. 办件期限正在计算。"""

    code = "matter.clock-not-stopped"
    http_status = 409
    texts = {'en': 'The clock of the case runs.', 'zh': '办件期限正在计算。'}
    of_client = True


class ClockStopped(_errors.Conflict):
    """The clock of the case stands already. 办件期限已停止计算。"""

    code = "matter.clock-stopped"
    http_status = 409
    texts = {'en': 'The clock of the case stands already.', 'zh': '办件期限已停止计算。'}
    of_client = True


class DefinitionInvalid(_errors.InvalidInput):
    """The definition has mistakes. 事项定义有误。"""

    code = "matter.definition-invalid"
    http_status = 400
    texts = {'en': 'The definition has mistakes.', 'zh': '事项定义有误。'}
    of_client = True


class DefinitionOutdated(_errors.Conflict):
    """The matter has a rule that is no longer supported; its department must publish it anew. 该事项的表单规则已不受支持，须由主管部门重新发布。"""

    code = "matter.definition-outdated"
    http_status = 409
    texts = {'en': 'The matter has a rule that is no longer supported; its department must publish it anew.', 'zh': '该事项的表单规则已不受支持，须由主管部门重新发布。'}
    of_client = True


class DeskOfOthers(_errors.Forbidden):
    """Officers with another role do this step. 该环节由其他岗位办理。"""

    code = "matter.desk-of-others"
    http_status = 403
    texts = {'en': 'Officers with another role do this step.', 'zh': '该环节由其他岗位办理。'}
    of_client = True


class DocumentNotFound(_errors.NotFound):
    """There is no such document. 文书不存在。"""

    code = "matter.document-not-found"
    http_status = 404
    texts = {'en': 'There is no such document.', 'zh': '文书不存在。'}
    of_client = True


class FormInvalid(_errors.InvalidInput):
    """The form is not filled in correctly. 表单填写有误。"""

    code = "matter.form-invalid"
    http_status = 400
    texts = {'en': 'The form is not filled in correctly.', 'zh': '表单填写有误。'}
    of_client = True


class LimitsNotExtendable(_errors.Conflict):
    """The limits cannot be extended. 期限不能延长。"""

    code = "matter.limits-not-extendable"
    http_status = 409
    texts = {'en': 'The limits cannot be extended.', 'zh': '期限不能延长。'}
    of_client = True


class MaterialNotFound(_errors.NotFound):
    """There is no such file. 文件不存在。"""

    code = "matter.material-not-found"
    http_status = 404
    texts = {'en': 'There is no such file.', 'zh': '文件不存在。'}
    of_client = True


class MaterialTypeRefused(_errors.InvalidInput):
    """The type of the file is not taken. 不接受该类型的文件。"""

    code = "matter.material-type-refused"
    http_status = 400
    texts = {'en': 'The type of the file is not taken.', 'zh': '不接受该类型的文件。'}
    of_client = True


class MaterialUnknown(_errors.InvalidInput):
    """The matter asks for no such material. 该事项不需要此材料。"""

    code = "matter.material-unknown"
    http_status = 400
    texts = {'en': 'The matter asks for no such material.', 'zh': '该事项不需要此材料。'}
    of_client = True


class MaterialsMissing(_errors.InvalidInput):
    """Required materials are missing. 缺少必须提交的材料。"""

    code = "matter.materials-missing"
    http_status = 400
    texts = {'en': 'Required materials are missing.', 'zh': '缺少必须提交的材料。'}
    of_client = True


class MaterialsNotChangeable(_errors.Conflict):
    """Files of the case can no longer be changed. 办件的材料不能再更改。"""

    code = "matter.materials-not-changeable"
    http_status = 409
    texts = {'en': 'Files of the case can no longer be changed.', 'zh': '办件的材料不能再更改。'}
    of_client = True


class MaterialsTooMany(_errors.Conflict):
    """No more files of this material are taken. 该材料的文件数量已满。"""

    code = "matter.materials-too-many"
    http_status = 409
    texts = {'en': 'No more files of this material are taken.', 'zh': '该材料的文件数量已满。'}
    of_client = True


class MatterNotFound(_errors.NotFound):
    """There is no such matter. 事项不存在。"""

    code = "matter.matter-not-found"
    http_status = 404
    texts = {'en': 'There is no such matter.', 'zh': '事项不存在。'}
    of_client = True


class OfficerNeeded(_errors.Forbidden):
    """Only an officer in an own session may do this. 须由工作人员登录后办理。"""

    code = "matter.officer-needed"
    http_status = 403
    texts = {'en': 'Only an officer in an own session may do this.', 'zh': '须由工作人员登录后办理。'}
    of_client = True


class OwnCase(_errors.Forbidden):
    """Another officer must work on your own application. 本人的申请须由其他工作人员办理。"""

    code = "matter.own-case"
    http_status = 403
    texts = {'en': 'Another officer must work on your own application.', 'zh': '本人的申请须由其他工作人员办理。'}
    of_client = True


class PaymentNotStarted(_errors.Conflict):
    """The payment cannot be opened now. 暂时无法发起支付。"""

    code = "matter.payment-not-started"
    http_status = 409
    texts = {'en': 'The payment cannot be opened now.', 'zh': '暂时无法发起支付。'}
    of_client = True


class RatingNotFound(_errors.NotFound):
    """There is no such rating. 评价不存在。"""

    code = "matter.rating-not-found"
    http_status = 404
    texts = {'en': 'There is no such rating.', 'zh': '评价不存在。'}
    of_client = True


class RatingNotOpen(_errors.Conflict):
    """The rating does not wait for this. 该评价当前无须处理。"""

    code = "matter.rating-not-open"
    http_status = 409
    texts = {'en': 'The rating does not wait for this.', 'zh': '该评价当前无须处理。'}
    of_client = True


class ReasonMissing(_errors.InvalidInput):
    """A reason is needed. 须说明理由。"""

    code = "matter.reason-missing"
    http_status = 400
    texts = {'en': 'A reason is needed.', 'zh': '须说明理由。'}
    of_client = True


class SameDesk(_errors.Conflict):
    """The step is there already. 该环节已在该岗位或工作人员处。"""

    code = "matter.same-desk"
    http_status = 409
    texts = {'en': 'The step is there already.', 'zh': '该环节已在该岗位或工作人员处。'}
    of_client = True


class SameOfficer(_errors.Forbidden):
    """Another officer must countersign. 须由另一名工作人员复核。"""

    code = "matter.same-officer"
    http_status = 403
    texts = {'en': 'Another officer must countersign.', 'zh': '须由另一名工作人员复核。'}
    of_client = True


class StepNotFound(_errors.NotFound):
    """The case has no such step. 办件没有此环节。"""

    code = "matter.step-not-found"
    http_status = 404
    texts = {'en': 'The case has no such step.', 'zh': '办件没有此环节。'}
    of_client = True


class StepNotPayable(_errors.Conflict):
    """The step does not wait for a payment. 该环节当前无需缴费。"""

    code = "matter.step-not-payable"
    http_status = 409
    texts = {'en': 'The step does not wait for a payment.', 'zh': '该环节当前无需缴费。'}
    of_client = True


class StepNotRunnable(_errors.Conflict):
    """The step cannot be run now. 该环节当前不能立即执行。"""

    code = "matter.step-not-runnable"
    http_status = 409
    texts = {'en': 'The step cannot be run now.', 'zh': '该环节当前不能立即执行。'}
    of_client = True


class StepNotSkippable(_errors.Conflict):
    """The step cannot be skipped. 该环节不能跳过。"""

    code = "matter.step-not-skippable"
    http_status = 409
    texts = {'en': 'The step cannot be skipped.', 'zh': '该环节不能跳过。'}
    of_client = True


class StepUnderWay(_errors.Conflict):
    """A step of the case is under way; try again soon. 有环节正在办理，请稍后再试。"""

    code = "matter.step-under-way"
    http_status = 409
    texts = {'en': 'A step of the case is under way; try again soon.', 'zh': '有环节正在办理，请稍后再试。'}
    of_client = True


class SupplementAlreadyAsked(_errors.Conflict):
    """The applicant was asked for a supplement before. 已一次性告知过补正内容，不得再次要求。"""

    code = "matter.supplement-already-asked"
    http_status = 409
    texts = {'en': 'The applicant was asked for a supplement before.', 'zh': '已一次性告知过补正内容，不得再次要求。'}
    of_client = True


class SupplementFieldUnknown(_errors.InvalidInput):
    """The form has no such field. 表单没有该字段。"""

    code = "matter.supplement-field-unknown"
    http_status = 400
    texts = {'en': 'The form has no such field.', 'zh': '表单没有该字段。'}
    of_client = True


class SupplementNotAwaited(_errors.Conflict):
    """No supplement is awaited. 当前没有待补正事项。"""

    code = "matter.supplement-not-awaited"
    http_status = 409
    texts = {'en': 'No supplement is awaited.', 'zh': '当前没有待补正事项。'}
    of_client = True


class SupplementTooLate(_errors.Conflict):
    """A supplement can no longer be asked for. 已超过一次性告知补正的期限，视为受理。"""

    code = "matter.supplement-too-late"
    http_status = 409
    texts = {'en': 'A supplement can no longer be asked for.', 'zh': '已超过一次性告知补正的期限，视为受理。'}
    of_client = True


class TaskNotClaimed(_errors.Conflict):
    """Claim the step before you decide. 请先领取该环节再作决定。"""

    code = "matter.task-not-claimed"
    http_status = 409
    texts = {'en': 'Claim the step before you decide.', 'zh': '请先领取该环节再作决定。'}
    of_client = True


class TaskNotOpen(_errors.Conflict):
    """The step does not wait for an officer. 该环节当前不待工作人员办理。"""

    code = "matter.task-not-open"
    http_status = 409
    texts = {'en': 'The step does not wait for an officer.', 'zh': '该环节当前不待工作人员办理。'}
    of_client = True


class TaskTaken(_errors.Conflict):
    """Another officer has taken the step. 该环节已由其他工作人员领取。"""

    code = "matter.task-taken"
    http_status = 409
    texts = {'en': 'Another officer has taken the step.', 'zh': '该环节已由其他工作人员领取。'}
    of_client = True
