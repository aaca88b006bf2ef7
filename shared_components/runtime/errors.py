"""Errors of whoever starts the platform."""
from __future__ import annotations

from shared_components.kernel.errors import InvalidInput


class WrongUse(InvalidInput):
    """The command line asks for something that can't be; exit code 2."""

    code = "cli.wrong-use"
    texts = {"en": "The command is not used rightly.", "zh": "命令用法不正确。"}
