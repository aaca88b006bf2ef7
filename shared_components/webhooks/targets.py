"""Which addresses webhooks may be sent to: public hosts from an allow-list over HTTPS, never into our own network."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from shared_components.kernel.apps import APP_NAME
from shared_components.kernel.bilingual import Bilingual
from shared_components.webhooks.errors import UrlRefused
from shared_components.webhooks.webhook import OWN_QUEUE

LONGEST_URL = 1000
HTTPS_PORT = 443
# IPv6 addresses that stand for an IPv4 one, and so for whatever it may be: nobody's webhook needs them.
_EMBEDDING = tuple(
    IPv6Network(text) for text in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart. path: with its query."""

    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class TargetPolicy:
    """hosts: `hooks.example.org`, `*.example.org` (hosts below it), with `:port` where it is not 443.

    loopback: for development only; http, too, but to this machine and nowhere else.
    refused: the service's error. setting: the name of `hosts` in the configuration.
    """

    hosts: Sequence[str] = ()
    loopback: bool = False
    refused: type[UrlRefused] = UrlRefused
    setting: str = "webhooks.hosts"

    def check(self, url: str, caller: str) -> None:
        """Raises UrlRefused for what this caller may not set: an app alone has events put into its own queue."""
        if url != OWN_QUEUE:
            self.target(url)
        elif re.fullmatch(APP_NAME, caller) is None:
            raise self._refused("queue", Bilingual(
                f"address is {OWN_QUEUE!r} and the caller is {caller!r}; only an app sets it, for its own queue",
                f"地址为“{OWN_QUEUE}”，调用方为“{caller}”；只有应用可为自己的队列设置"))

    def target(self, url: str) -> Target:
        """Raises UrlRefused. The address behind the host is judged when it is connected to."""
        target = self._read(url)
        if self.loopback and _is_loopback_host(target.host):
            return target
        if target.scheme != "https":
            raise self._refused("scheme", Bilingual(
                "webhook URL is not https; only https is allowed",
                "回调地址不是 https；只允许 https"))
        if not any(_matches(pattern, target) for pattern in self.hosts):
            raise self._refused("host", Bilingual(
                f"webhook URL's host is not on the allow-list ({self.setting})",
                f"回调地址的主机不在允许范围内（{self.setting}）"))
        return target

    def allows(self, address: str, target: Target) -> bool:
        """address: one that the host was resolved to."""
        ip = ip_address(address.partition("%")[0])
        if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        if self.loopback and _is_loopback_host(target.host):
            return ip.is_loopback
        return is_public(ip)

    def _read(self, url: str) -> Target:
        if len(url) > LONGEST_URL or not url.isascii() or any(not 32 < ord(letter) < 127 for letter in url):
            raise self._refused("form", Bilingual(
                f"webhook URL is not 1 to {LONGEST_URL} letters of printable ASCII without blanks",
                f"回调地址应为 1 至 {LONGEST_URL} 个可打印的 ASCII 字符，不含空格"))
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise self._refused("form", Bilingual(
                "webhook URL cannot be read; https://host/path is allowed",
                "回调地址无法解析；应为 https://主机/路径")) from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise self._refused("form", Bilingual(
                "webhook URL has no scheme or host; https://host/path is allowed",
                "回调地址没有协议或主机；应为 https://主机/路径"))
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise self._refused("form", Bilingual(
                "webhook URL has a user, a password or a fragment; https://host/path is allowed",
                "回调地址含有用户名、密码或片段；应为 https://主机/路径"))
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Target(parts.scheme, parts.hostname.rstrip("."), port or (80 if parts.scheme == "http" else 443), path)

    def _refused(self, reason: str, message: Bilingual) -> UrlRefused:
        return self.refused(message, details={"reason": reason})


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    # Site-local addresses (fec0::/10) are deprecated, and is_global takes them for public; routers may still know them.
    if isinstance(ip, IPv6Address) and (ip.is_site_local or any(ip in network for network in _EMBEDDING)):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local)


def _matches(pattern: str, target: Target) -> bool:
    host, _, port = pattern.lower().partition(":")
    if target.port != int(port or HTTPS_PORT):
        return False
    return target.host.endswith(host[1:]) if host.startswith("*.") else target.host == host


def _is_loopback_host(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
