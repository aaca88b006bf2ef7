"""The layout's own texts. English is the key, so that a template can be read; the Chinese stands here."""
from __future__ import annotations

from collections.abc import Mapping

from shared_components.kernel.languages import Language

Texts = Mapping[str, str]
"""English text → Chinese text."""

LAYOUT: Texts = {
    "Skip to the content": "跳到正文",
    "Pages": "页面导航",
    "Elder mode": "长辈模式",
    "Standard mode": "标准模式",
    "Error: ": "填写有误：",
    "There is a problem": "提交内容有误，请修改",
}


def translate(text: str, language: Language, chinese: Texts) -> str:
    """Raises KeyError for a text that has no Chinese.

    Raises in English too: a template shows what this returns unescaped, and foreign text has no entry here.
    """
    known = chinese[text]
    return text if language == "en" else known
