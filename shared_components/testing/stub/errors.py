"""Mistakes in a test that uses the stub; each names the method and the place."""
from __future__ import annotations

from shared_components.kernel.errors import InvalidInput, NotFound


class StubMethodUnknown(NotFound):
    code = "testing.stub-method-unknown"
    texts = {"en": "No contract of the stub has this method.", "zh": "桩服务的契约中没有该方法。"}


class StubAnswerInvalid(InvalidInput):
    """A reply or an error that the real service would never give."""

    code = "testing.stub-answer-invalid"
    texts = {"en": "The answer breaks the method's contract.", "zh": "预设的应答不符合接口契约。"}
