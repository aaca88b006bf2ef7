"""Errors of callbacks."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, InvalidInput, Unauthenticated


class StepNotWaiting(Conflict):
    code = "matter.step-not-waiting"
    texts = {"en": "The step does not wait for a callback.", "zh": "该环节当前不接收回调。"}


class CallbackRefused(Unauthenticated):
    """The signature is good, but its key belongs to another source than the step waits for."""

    code = "matter.callback-refused"
    texts = {"en": "This source may not answer the step.", "zh": "该来源无权回复此环节。"}


class CallbackInvalid(InvalidInput):
    code = "matter.callback-invalid"
    texts = {"en": "The callback's content is not valid.", "zh": "回调内容不符合要求。"}


class CallbackReused(Conflict):
    code = "matter.callback-reused"
    texts = {"en": "This callback id came with another content.", "zh": "该回调编号已用于其他内容。"}
