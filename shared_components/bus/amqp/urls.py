"""The addresses of brokers, checked before anything is connected to."""
from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.broker_nodes import nodes_of
from shared_components.kernel.errors import InvalidInput

SCHEMES = ("amqp", "amqps", "pyamqp", "inproc")
FORM = "amqp://user:password@host:port/virtual-host"


def checked_url(url: Any, schemes: tuple[str, ...] = SCHEMES) -> str:
    """Raises InvalidInput; the text does not quote the URL, which may hold a password."""
    if not isinstance(url, str):
        raise _refused(Bilingual(
            f"is of type {type(url).__name__}; text such as {FORM} is allowed",
            f"的类型为 {type(url).__name__}；只允许文本，如 {FORM}"))
    try:
        scheme = urlsplit(url).scheme
        nodes = [(node.hostname, node.port) for node in map(urlsplit, nodes_of(url))]
    except ValueError:
        raise _refused(Bilingual(
            f"has an invalid host or port; it has the form {FORM}", f"的主机或端口无效；格式为 {FORM}")) from None
    if "://" not in url or scheme not in schemes:
        allowed = [f"{one}://" for one in schemes]
        raise _refused(Bilingual(f"begins with none of {', '.join(allowed)}", f"的开头须为 {'、'.join(allowed)} 之一"))
    if scheme != "inproc" and not all(host and port != 0 for host, port in nodes):
        raise _refused(Bilingual(
            f"names no host, or port 0; it has the form {FORM}", f"没有主机，或端口为 0；格式为 {FORM}"))
    return url


def _refused(wrong: Bilingual) -> InvalidInput:
    return InvalidInput(Bilingual(f"url {wrong}", f"url {wrong.zh}"), details={"fields": {"url": [wrong]}})
