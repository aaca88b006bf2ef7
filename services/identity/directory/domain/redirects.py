"""Addresses that a browser is sent back to after login and logout: what may be registered, and what matches.

Source: RFC 8252 sections 7.3 and 8.3, RFC 9700 section 4.1
"""
from __future__ import annotations

import re

from shared_components.kernel.bilingual import Bilingual

LONGEST = 500
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_PORT = r"(:[1-9][0-9]{3,4})?"
_PATH = r"(/[A-Za-z0-9._~!$&'()+,;=:@/%-]*)?"
_LOOPBACK = r"(localhost|127\.0\.0\.1|\[::1\])"
PATTERN = rf"\A(https://{_LABEL}(\.{_LABEL})*{_PORT}|http://{_LOOPBACK}{_PORT}){_PATH}\Z"
"""The form alone; `problem_of` asks for more."""
ALLOWED = Bilingual(
    "An https address of a host name, without query, fragment and '*', is allowed; a port from 1024 to 65535; "
    "http for localhost, 127.0.0.1 and [::1] only.",
    "须为以主机名表示的 https 地址，不含查询串、片段和 *；端口为 1024 至 65535；"
    "http 仅限 localhost、127.0.0.1、[::1]。")
_FORM = re.compile(PATTERN)
_PARTS = re.compile(r"(?P<scheme>https?)://(?P<host>\[[^\]]*\]|[^/:]*)(:(?P<port>[0-9]+))?(?P<path>.*)")
_ENCODED = re.compile(r"%([0-9A-Fa-f]{2})?")
_HIDDEN = frozenset({"2E", "2F", "5C", "00", "0A", "0D"})
"""A dot, a slash, a backslash or a line's end that is encoded: servers differ in when they decode it."""


def problem_of(uri: str) -> Bilingual | None:
    """Give what is wrong with an address that somebody registers; None for one that is allowed."""
    return None if len(uri) <= LONGEST and _FORM.match(uri) and _is_plain(uri) else ALLOWED


def is_loopback(uri: str) -> bool:
    """Tell whether an allowed address is one of the person's own machine."""
    return uri.startswith("http://")


def matches(registered: str, given: str, *, native: bool) -> bool:
    """Tell whether a request may name this address.

    native: a program on the person's machine, which cannot know its port before it runs; any port is then allowed where
    a loopback address, as a number, was registered without one.
    """
    if problem_of(registered) is not None:
        return False
    if registered == given:
        return True
    wanted, asked = _PARTS.fullmatch(registered), _PARTS.fullmatch(given)
    if not native or wanted is None or asked is None or problem_of(given) is not None:
        return False
    if wanted["scheme"] != "http" or wanted["host"] == "localhost" or wanted["port"] is not None:
        return False
    return (wanted["scheme"], wanted["host"], wanted["path"]) == (asked["scheme"], asked["host"], asked["path"])


def _is_plain(uri: str) -> bool:
    parts = _PARTS.fullmatch(uri)
    if parts is None or not 1024 <= int(parts["port"] or 1024) <= 65_535:
        return False
    if parts["scheme"] == "https" and parts["host"].rpartition(".")[2].isdigit():
        return False
    if any(segment in (".", "..") for segment in parts["path"].split("/")):
        return False
    return all(
        found[1] is not None and found[1].upper() not in _HIDDEN for found in _ENCODED.finditer(parts["path"]))
