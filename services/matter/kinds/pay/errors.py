"""Errors of paying a step."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, InvalidInput


class StepNotPayable(Conflict):
    """The step is no payment, or does not wait for one."""

    code = "matter.step-not-payable"
    texts = {"en": "The step does not wait for a payment.", "zh": "该环节当前无需缴费。"}


class ChannelNotAllowed(InvalidInput):
    """details.allowed: the channels of the step."""

    code = "matter.channel-not-allowed"
    texts = {"en": "This step cannot be paid through that channel.", "zh": "该环节不支持所选支付渠道。"}


class PaymentNotStarted(Conflict):
    """details.code: why, as payment says it."""

    code = "matter.payment-not-started"
    texts = {"en": "The payment cannot be opened now.", "zh": "暂时无法发起支付。"}
