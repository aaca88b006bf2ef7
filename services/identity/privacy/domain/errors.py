"""Refusals of personal-information requests."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


class PersonalRequestNotFound(NotFound):
    """Also what the request of somebody else looks like."""

    code = "identity.personal-request-not-found"
    texts = {"en": "There is no such request.", "zh": "该请求不存在。"}


class PersonalRequestOpen(Conflict):
    """A request of this kind waits for its decision."""

    code = "identity.personal-request-open"
    texts = {"en": "A request of this kind is in work already.", "zh": "同类请求正在办理中。"}


class CorrectionInvalid(InvalidInput):
    """details.fields: what is wrong. Names and contacts are corrected here; documents at a counter."""

    code = "identity.correction-invalid"
    texts = {"en": "The correction cannot be made in this way.", "zh": "更正内容不符合要求。"}


class ReasonMissing(InvalidInput):
    code = "identity.reason-missing"
    texts = {"en": "A refusal needs its reason.", "zh": "不予办理须说明理由。"}


class DecisionForOfficers(Forbidden):
    """An officer of the department that keeps the population decides, and never about the officer's own request."""

    code = "identity.decision-for-officers"
    texts = {"en": "Only an officer who is not concerned decides on this.", "zh": "只能由无利害关系的工作人员办理。"}


class CopyGone(NotFound):
    """The request made no copy, or the time to fetch it is over."""

    code = "identity.personal-copy-gone"
    texts = {"en": "There is no copy to fetch.", "zh": "没有可领取的副本，或领取期限已过。"}
