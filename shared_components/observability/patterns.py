"""Personal data and secrets that can be told by their shape, wherever they stand in a text."""
from __future__ import annotations

import re

MASK = "[redacted]"
LONGEST = 4000
"""Characters of a text that are looked through; the rest is dropped. Some patterns take the square of its length."""

RESIDENT_ID = r"(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[\dXxＸｘ](?!\d)"
MOBILE = r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
EMAIL = r"[\w.+-]{1,128}@[\w-]+(?:\.[\w-]+)+"
JSON_WEB_TOKEN = r"eyJ[\w-]{5,}\.[\w-]+\.[\w-]*"  # noqa: S105 - a pattern
CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
# What follows such a word is a secret, in whatever notation: password=…, "token": "…", Authorization: Bearer …
LABELLED = re.compile(
    r"""(?i)\b(pass(?:word|wd)?|secret|token|authori[sz]ation|api[_-]?key|master[_-]?key|cookie)\b
        (["']?\s*[=:]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s"',;&}]+""",
    re.VERBOSE,
)
BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}")
URL_LOGIN = re.compile(r"://[^/\s:@]*:[^/\s@]+@")
SHAPES = re.compile("|".join((JSON_WEB_TOKEN, EMAIL, RESIDENT_ID, MOBILE)))
HAS_SHAPE = re.compile(r"\d[ -]?\d{3}|@|eyJ|(?i:pass|secret|token|authori|key|cookie|bearer|basic)")
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·]+")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|“[^”]*”|«[^»]*»|\([^()]*\)=\([^()]*\)")
CODE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,80}")
SNAKE_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")


def scrub(text: str) -> str:
    """The text with resident numbers, cards, e-mail addresses, mobile numbers, tokens and passwords masked.

    Of a longer text than LONGEST, its beginning and `…`.
    """
    if len(text) > LONGEST:
        text = text[:LONGEST] + "…"
    if not HAS_SHAPE.search(text):
        return text
    text = URL_LOGIN.sub(f"://{MASK}@", text)
    text = LABELLED.sub(rf"\1\2{MASK}", text)
    text = BEARER.sub(rf"\1 {MASK}", text)
    text = SHAPES.sub(MASK, text)
    return CARD.sub(_mask_card, text)


def scrub_free_text(text: str) -> str:
    """For log events and our own error messages, which are English: Chinese in them is somebody's data, too."""
    text = scrub(text)
    return text if text.isascii() else HAN.sub(MASK, text)


def scrub_foreign_text(text: str, *, quotes_code: bool = False) -> str:
    """For the messages of errors that are not ours: what they quote may be anybody's data.

    Only the first line is kept (databases put the row into the next ones), and quoted words only when they are
    identifiers such as 'order_id'.
    quotes_code: this kind of error quotes names of types and attributes, so single plain words are kept, too.
    """
    kept = CODE_NAME if quotes_code else SNAKE_NAME

    def mask(match: re.Match[str]) -> str:
        quoted = match.group()
        return quoted if kept.fullmatch(quoted[1:-1]) else MASK

    first = text.strip().split("\n", 1)[0][:300]
    return scrub_free_text(QUOTED.sub(mask, first))


def _mask_card(match: re.Match[str]) -> str:
    digits = [int(digit) for digit in match.group() if digit.isdigit()]
    doubled = (digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(reversed(digits)))
    return MASK if sum(doubled) % 10 == 0 else match.group()
