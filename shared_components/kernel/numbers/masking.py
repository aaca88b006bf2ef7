"""Personal data made fit to be shown. Masks never fail, and hide more, not less, when the text is short."""
from __future__ import annotations


def mask_middle(value: str, *, first: int, last: int) -> str:
    """Keep so many characters at each end, and hide the rest.

    At least four characters are hidden; text too short for that is hidden whole.
    """
    hidden = len(value) - first - last
    if hidden < 4:
        return "*" * len(value)
    return value[:first] + "*" * hidden + value[len(value) - last :]


def mask_name(value: str) -> str:
    """The first character of each word: `张**`, `J*** S****`; a single character is hidden."""
    return " ".join(word[:1] + "*" * (len(word) - 1) if len(word) > 1 else "*" for word in value.split())


def mask_mobile(value: str) -> str:
    """`138****0001`."""
    return mask_middle(value, first=3, last=4)


def mask_email(value: str) -> str:
    """`z***@example.org`; the length of the name stays hidden too."""
    name, at, domain = value.rpartition("@")
    if not at or not name:
        return "*" * len(value)
    return f"{name[0] if len(name) > 1 else '*'}***@{domain}"
