"""How the demo fails: naming the step."""
from __future__ import annotations

from shared_components.kernel.errors import AppError


class DemoFailed(AppError):
    code = "cli.demo-failed"
    texts = {"en": "A step of the demo went wrong.", "zh": "演示步骤失败。"}

    def __init__(self, step: str, reason: str) -> None:
        self.step = step
        self.reason = reason
        super().__init__(f"step '{step}': {reason}")


def expect(step: str, what: str, given: object, wanted: object) -> None:
    """Raises DemoFailed unless both are equal."""
    if given != wanted:
        raise DemoFailed(step, f"{what} is {given!r}, not {wanted!r}")
