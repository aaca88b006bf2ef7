"""The virtual hosts of this process, by name."""
from __future__ import annotations

from shared_components.inproc.virtual_host import VirtualHost

DEFAULT_NAME = "default"

_hosts: dict[str, VirtualHost] = {}


def host_name(name: str | None, virtual_host: str | None) -> str:
    """From the parts of a URL: `inproc://` is `default`, `inproc://test-1/a` is `test-1/a`."""
    path = (virtual_host or "").strip("/")
    return f"{name or DEFAULT_NAME}/{path}" if path else name or DEFAULT_NAME


def virtual_host(name: str) -> VirtualHost:
    # setdefault is atomic, so this needs no lock (which would be made before eventlet has patched)
    return _hosts.get(name) or _hosts.setdefault(name, VirtualHost(name))


def reset(name: str = DEFAULT_NAME) -> None:
    """Throw a world away with all of its queues and messages; its connections are cut."""
    disconnect(name)
    _hosts.pop(name, None)


def disconnect(name: str = DEFAULT_NAME) -> None:
    """Cut every connection as a failing network would: queues stay, what was unacknowledged is delivered again."""
    host = _hosts.get(name)
    if host is None:
        return
    with host.lock:
        for inbox in list(host.inboxes):
            inbox.on_cut()
