"""Errors of generated code."""
from __future__ import annotations

from shared_components.kernel.errors import AppError


class GenerationFailed(AppError):
    code = "cli.generation-failed"
    texts = {"en": "The new service could not be completed.", "zh": "新服务未能生成完整。"}
