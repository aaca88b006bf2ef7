"""In which charset a channel writes: only what it declares, and only charsets that the provider documents."""
from __future__ import annotations

CHARSETS = {"utf-8": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030"}
"""Declared name → Python's codec. GB 18030 holds GBK and GB 2312; Python's `gbk` lacks some of their characters."""
DEFAULT_CHARSET = "utf-8"


def codec(declared: str) -> str | None:
    """declared: in any case, also `utf8`. None for a charset that is not allowed."""
    name = declared.strip().strip('"').lower()
    return CHARSETS.get("utf-8" if name == "utf8" else name)


def declared_charset(content_type: str) -> str:
    """The charset parameter of a Content-Type header, else UTF-8."""
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip():
            return value.strip()
    return DEFAULT_CHARSET
