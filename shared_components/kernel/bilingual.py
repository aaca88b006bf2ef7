"""Texts for people, in Chinese and English."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self


class Bilingual(str):
    """English as the string itself, Chinese beside it: `Bilingual("order is closed", "订单已关闭")`.

    Programs and logs see the English text; `zh` is shown to readers of Chinese. `format` fills in both.
    """

    zh: str

    def __new__(cls, en: str, zh: str) -> Self:
        made = super().__new__(cls, en)
        made.zh = zh
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.zh

    def format(self, *args: object, **kwargs: object) -> Bilingual:
        return Bilingual(super().format(*args, **kwargs), self.zh.format(*args, **kwargs))


def is_chinese(locale: str) -> bool:
    """Whether texts for this locale are Chinese; every other language gets English."""
    return locale.lower().startswith("zh")


def in_locale(text: str, locale: str) -> str:
    """The text for a reader of this locale: Chinese where it exists and is asked for, else English."""
    return text.zh if isinstance(text, Bilingual) and is_chinese(locale) else str(text)


def listed_zh(values: Iterable[object]) -> str:
    """Values in a Chinese sentence: `“draft”、“running”`."""
    return "、".join(f"“{value}”" for value in values)


def chinese(value: Any) -> Any:
    """The same JSON-like value with its Chinese texts where it has them."""
    if isinstance(value, Bilingual):
        return value.zh
    if isinstance(value, Mapping):
        return {key: chinese(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [chinese(inner) for inner in value]
    return value


def paired(english: Any, zh: Any) -> Any:
    """The English value with its Chinese texts, as they come over the wire; without those that do not fit."""
    if isinstance(english, str) and isinstance(zh, str):
        return english if english == zh else Bilingual(english, zh)
    if isinstance(english, Mapping) and isinstance(zh, Mapping):
        return {key: paired(inner, zh.get(key)) for key, inner in english.items()}
    if isinstance(english, list) and isinstance(zh, list) and len(english) == len(zh):
        return [paired(one, other) for one, other in zip(english, zh, strict=True)]
    return english
