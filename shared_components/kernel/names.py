"""One rule for the names of persons and organisations, for every service.

Which ideographs are allowed is written down here, and not left to Python's character tables: a new edition of Unicode
(or of GB 18030) brings new ideographs every other year, and people bear them before any library knows them.

- Every ideograph: whole blocks of plane 0, and all of planes 2 and 3, assigned today or not.
- Letters, marks and digits of all scripts (Tibetan, Uyghur, Kazakh, Mongolian, Yi, Latin …), punctuation, and the few
  signs that names of organisations have.
- Never: control and formatting characters, bidirectional overrides, invisible characters, lone surrogates, private
  use, unassigned code points outside planes 2 and 3, and `< > { } \\`, by which texts are interpreted.

Normalisation is NFC with single spaces, but compatibility ideographs (U+F900–U+FAFF, U+2F800–U+2FA1F) stay as they are:
NFC would put another character in their place, and a person's name is the one on the document.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from unicodedata import category, combining, name, normalize

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import InvalidInput

LONGEST_NAME = 200
MOST_MARKS = 8
"""Marks on one letter; a Tibetan stack has at most six."""

_IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fffd\U00030000-\U0003fffd"
_COMPATIBILITY = "\uf900-\ufaff\U0002f800-\U0002fa1f"
_PLAIN_PART = f"[A-Za-z0-9{_IDEOGRAPHS}]+"
_plain = re.compile(f"{_PLAIN_PART}(?:[ ·]{_PLAIN_PART})*").fullmatch
_holds_compatibility = re.compile(f"[{_COMPATIBILITY}]").search
_is_ideograph = re.compile(f"[{_IDEOGRAPHS}{_COMPATIBILITY}]").fullmatch
_SPACES = re.compile("[ \u00a0\u3000]+")

_LETTERS = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No"})
_MARKS = frozenset({"Mn", "Mc"})
_PUNCTUATION = frozenset({"Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"})
_REFUSED = frozenset("<>{}\\")
_SIGNS = frozenset("+＋×=＝~～|｜^`´¨$￥¥€£°®©™℃№㎡㎏∙⋅○◯")
# Enclosed and squared ideographs, such as ㈱ and ㎡, and the syllables of Yi that are its radicals.
_SIGN_BLOCKS = ((0x3200, 0x33FF), (0xA490, 0xA4C6))
# Letters and marks by their category, and yet nothing that a reader sees.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_VARIATIONS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
_JOINERS = "\u200c\u200d"
_MONGOLIAN_SELECTORS = frozenset("\u180b\u180c\u180d\u180e\u180f")


class InvalidName(InvalidInput):
    """A name that cannot be one. details.fields: {field: [what is wrong]}; the name itself is not repeated."""

    code = "kernel.invalid-name"
    texts = {"en": "The name has characters that names do not have.", "zh": "姓名或名称包含不允许的字符。"}


def clean_name(value: str, *, field: str = "name", error: type[InvalidName] = InvalidName) -> str:
    """A name in its one spelling. Raises `error`.

    field: how the request calls it.
    """
    text = value if _plain(value) else _spelling(value)
    wrong = _mistake(text)
    if wrong is not None:
        allowed = f"1 to {LONGEST_NAME} letters, ideographs, digits and punctuation, without < > {{ }} and backslash"
        raise error(Bilingual(
            f"{field} {wrong}; {allowed} are allowed",
            f"{field} {wrong.zh}；只允许 1 至 {LONGEST_NAME} 个字母、汉字、数字和标点，不含 < > {{ }} 和反斜杠"),
            details={"fields": {field: [wrong]}})
    return text


def _spelling(value: str) -> str:
    return _composed(_SPACES.sub(" ", value).strip(" "))


def _composed(text: str) -> str:
    if not _holds_compatibility(text):
        return normalize("NFC", text)
    runs = groupby(text, lambda character: _holds_compatibility(character) is not None)
    return "".join("".join(run) if is_kept else normalize("NFC", "".join(run)) for is_kept, run in runs)


def _mistake(text: str) -> Bilingual | None:
    if not text:
        return Bilingual("is empty", "为空")
    if len(text) > LONGEST_NAME:
        return Bilingual(f"has {len(text)} characters", f"有 {len(text)} 个字符")
    if _plain(text):
        return None
    unfit = next(_unfit(text), None)
    if unfit is not None:
        code = f"U+{ord(text[unfit]):04X}"
        return Bilingual(f"has the character {code} at place {unfit + 1}", f"第 {unfit + 1} 个字符为 {code}")
    if not any(_is_ideograph(each) or category(each) in _LETTERS for each in text):
        return Bilingual("has no letter", "没有文字")
    return None


def _unfit(text: str) -> Iterator[int]:
    """Places of characters that are not allowed where they stand."""
    marks = 0
    for place, character in enumerate(text):
        kind = category(character)
        marks = marks + 1 if kind in _MARKS else 0
        if character in _JOINERS or character in _MONGOLIAN_SELECTORS:
            if not _may_join(text, place):
                yield place
        elif marks > MOST_MARKS or (marks and place == 0) or not (_is_ideograph(character) or _fits(character, kind)):
            yield place


def _fits(character: str, kind: str) -> bool:
    if character in _REFUSED or character in _INVISIBLE or _within(character, _VARIATIONS):
        return False
    if kind in _LETTERS or kind in _MARKS or kind in _PUNCTUATION or character == " ":
        return True
    return character in _SIGNS or (kind == "So" and _within(character, _SIGN_BLOCKS))


def _may_join(text: str, place: int) -> bool:
    """Joiners and selectors only where a script needs them (RFC 5892, appendix A): in Arabic and Mongolian words, and
    after a virama. Elsewhere they would make two names that nobody can tell apart."""
    if place == 0 or text[place - 1] in _JOINERS:
        return False
    before = text[place - 1]
    if text[place] in _MONGOLIAN_SELECTORS:
        return _is_of(before, "MONGOLIAN")
    if combining(before) == 9:
        return True
    after = text[place + 1: place + 2]
    return any(_is_of(before, script) and _is_of(after, script) for script in ("ARABIC", "MONGOLIAN"))


def _is_of(character: str, script: str) -> bool:
    return bool(character) and name(character, "").startswith(script)


def _within(character: str, blocks: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(character) <= last for first, last in blocks)
