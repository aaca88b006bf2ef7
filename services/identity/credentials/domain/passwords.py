"""Rules of passwords, as NIST SP 800-63B has them: length and commonness, and no rule of composition."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from itertools import pairwise

from services.identity.credentials.domain.errors import PasswordNotAllowed
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.plain_text import first_control_character

SHORTEST, LONGEST = 8, 128
SHORTEST_OWN = 4
"""Of what belongs to the account, such as a username: a shorter piece may be in a password by chance."""
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "0123456789", "abcdefghijklmnopqrstuvwxyz")
_LOOK_ALIKE = str.maketrans("@4310$57!", "aaelossti")
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_PERIOD = re.compile(r"(.{1,4}?)\1+.{0,3}", re.DOTALL)


def normal_form(password: str) -> str:
    """The password as it is hashed: two ways to type one character are one password (NFC)."""
    return unicodedata.normalize("NFC", password)


def require_allowed(password: str, own: Collection[str] = ()) -> str:
    """The password in its normal form.

    own: what belongs to the account: its username, mobile, e-mail and document numbers.
    Raises PasswordNotAllowed; its message never repeats the password.
    """
    text = normal_form(password)
    if len(text) < SHORTEST:
        raise _refusal("too-short", f"has {len(text)} characters", f"有 {len(text)} 个字符")
    if len(text) > LONGEST:
        raise _refusal("too-long", f"has more than {LONGEST} characters", f"超过 {LONGEST} 个字符")
    if first_control_character(text) is not None or "\n" in text or "\t" in text:
        raise _refusal("control-character", "has a control character", "含有控制字符")
    folded = text.casefold()
    if is_common(folded):
        raise _refusal("common", "is one of the first that are guessed", "属于常见弱密码，容易被猜中")
    if any(piece and len(piece) >= SHORTEST_OWN and piece.casefold() in folded for piece in _pieces(own)):
        raise _refusal(
            "of-account", "contains a username, mobile, e-mail or document number of the account",
            "包含本账号的用户名、手机号、邮箱或证件号码")
    return text


def is_common(folded: str) -> bool:
    """Tell whether a password, in lower case, is a common one, a row of keys, a repetition or a date."""
    if _PERIOD.fullmatch(folded) or _DATE.fullmatch(folded) or _is_run(folded):
        return True
    spellings = (folded, folded.translate(_LOOK_ALIKE))
    bare = _AROUND.sub("", folded)
    return (not bare and len(folded) < 16 and _few_runs(folded)) or any(
        stem in _stems() for stem in (bare.translate(_LOOK_ALIKE), *(_AROUND.sub("", each) for each in spellings)))


@cache
def _stems() -> frozenset[str]:
    text = (files("services.identity.credentials.domain") / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def _is_run(text: str) -> bool:
    return any(text in row + row or text in (row + row)[::-1] for row in _ROWS)


def _few_runs(digits: str) -> bool:
    """Tell whether digits are two rows of neighbours at most, such as `12345678` and `11223344`."""
    steps = {ord(after) - ord(before) for before, after in pairwise(digits)}
    return len(steps) <= 2


def _pieces(own: Collection[str]) -> list[str]:
    """Each value; of an e-mail address what is before the @; of a long number its last six digits."""
    found = []
    for value in own:
        local = value.partition("@")[0]
        found.append(local)
        if len(local) >= 11 and local[:-1].isdigit():
            found.append(local[-6:])
    return found


def _refusal(reason: str, what: str, what_zh: str) -> PasswordNotAllowed:
    return PasswordNotAllowed(Bilingual(
        f"the password {what}; {SHORTEST} to {LONGEST} characters that are hard to guess are allowed",
        f"密码{what_zh}；须为 {SHORTEST} 至 {LONGEST} 个字符，且不易被猜中"), details={"reason": reason})
