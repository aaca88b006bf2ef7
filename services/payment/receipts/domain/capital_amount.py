"""An amount in capital numerals (大写金额), as receipts state it: 壹仟零伍元叁角整."""
from __future__ import annotations

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
GROUPS = ("", "万", "亿", "万亿")


def capital_amount(minor: int) -> str:
    """minor: 分, from 0 to under 10^18."""
    if not 0 <= minor < 10**18:
        raise ValueError(f"amount is {minor} 分; 0 to under 10^18 is allowed")
    yuan, cents = divmod(minor, 100)
    jiao, fen = divmod(cents, 10)
    text = f"{_whole(yuan)}元" if yuan or not cents else ""
    if not cents:
        return text + "整"
    text += f"{DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
    return text + (f"{DIGITS[fen]}分" if fen else "整")


def _whole(number: int) -> str:
    if number == 0:
        return DIGITS[0]
    text, gap = "", False
    for index in reversed(range(len(GROUPS))):
        group = number // 10**(4 * index) % 10**4
        if group == 0:
            gap = gap or bool(text)
            continue
        if text and (gap or group < 1000):
            text += DIGITS[0]
        gap = False
        text += _group(group) + GROUPS[index]
    return text


def _group(group: int) -> str:
    text, gap = "", False
    for place, digit in zip(PLACES, f"{group:04d}", strict=True):
        if digit == "0":
            gap = bool(text)
            continue
        text += (DIGITS[0] if gap else "") + DIGITS[int(digit)] + place
        gap = False
    return text
