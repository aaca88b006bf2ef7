"""Refusals of mandates. No message tells whether somebody is registered."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


class MandateNotFound(NotFound):
    """Also what a mandate between others looks like."""

    code = "identity.mandate-not-found"
    texts = {"en": "There is no such mandate.", "zh": "授权不存在。"}


class MandateTooWide(Forbidden):
    """Nobody gives more than they have. details.part: scopes, matters, limit_minor or period."""

    code = "identity.mandate-too-wide"
    texts = {"en": "The mandate is wider than what may be given.", "zh": "授权超出了授权人自身的权限。"}


class AppointmentNotAllowed(Forbidden):
    """Only the person itself, or an organisation's representative or manager, appoints."""

    code = "identity.appointment-not-allowed"
    texts = {"en": "This session may not appoint or dismiss this agent.", "zh": "当前会话无权设立或撤销该授权。"}


class MandatePeriodInvalid(InvalidInput):
    code = "identity.mandate-period-invalid"
    texts = {
        "en": "The mandate's period is over, or ends before it begins.", "zh": "授权期限已过，或结束日期早于开始日期。"}


class AgentInvalid(InvalidInput):
    """Nobody is their own agent."""

    code = "identity.agent-invalid"
    texts = {"en": "This person cannot be the agent.", "zh": "该人员不能作为被授权人。"}


class TooManyMandates(Conflict):
    code = "identity.too-many-mandates"
    texts = {"en": "The principal has as many open mandates as allowed.", "zh": "授权人未结束的授权数量已达上限。"}


class RepresentationRefused(InvalidInput):
    """The register does not confirm that the person represents the organisation.

    details.reason: `no-match`, `not-representative`.
    """

    code = "identity.representation-refused"
    http_status = 422
    texts = {"en": "The register did not confirm the legal representative.", "zh": "登记机关未能核实法定代表人身份。"}
