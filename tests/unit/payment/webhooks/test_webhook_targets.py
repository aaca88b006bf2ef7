"""S15: what webhooks may be sent to. No connection is made to anything that is not public, however it is written."""
from __future__ import annotations

from typing import Any

import pytest

from shared_components.webhooks.errors import UrlRefused
from shared_components.webhooks.sender import HttpSender
from shared_components.webhooks.targets import TargetPolicy

POLICY = TargetPolicy(["hooks.example.org", "*.example.gov.cn:8443"])
PUBLIC = "93.184.215.14"


@pytest.mark.parametrize("url", [
    "https://hooks.example.org", "https://HOOKS.example.org./a?b=c", "https://hooks.example.org:443/",
    "https://a.b.example.gov.cn:8443/x",
])
def test_hosts_of_the_allow_list_are_allowed(url: str) -> None:
    assert POLICY.target(url).scheme == "https"


@pytest.mark.parametrize(("url", "reason"), [
    ("http://hooks.example.org/", "scheme"), ("https://other.example.org/", "host"),
    ("https://example.gov.cn:8443/", "host"), ("https://xexample.gov.cn:8443/", "host"),
    ("https://hooks.example.org:8443/", "host"), ("https://hooks.example.org.evil.test/", "host"),
    ("https://hooks.example.org@evil.test/", "form"), ("https://u:p@hooks.example.org/", "form"),
    ("https://hooks.example.org/#a", "form"), ("https://hooks.example.org/a b", "form"),
    ("https://hooks.example.org/\r\nX: y", "form"), ("https://hooks.example.org/\x7f", "form"),
    ("ftp://hooks.example.org/", "form"), ("https:///x", "form"),
    ("https://hooks.example.org:99999/", "form"), ("https://hooks.example.org/" + "a" * 1000, "form"),
    ("http://127.0.0.1/", "scheme"), ("https://127.0.0.1/", "host"), ("https://localhost/", "host"),
])
def test_other_addresses_are_refused_when_they_are_put(url: str, reason: str) -> None:
    with pytest.raises(UrlRefused) as refused:
        POLICY.target(url)
    assert refused.value.details == {"reason": reason}


NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd12::1", "fec0::1", "feff::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_public_is_never_connected_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.create_connection", connect_to_nothing)
    sender = HttpSender(POLICY, resolve=lambda host, port: [address])
    assert sender.send("https://hooks.example.org/", {}, b"").failure == "address-refused"
    # Nor when it stands beside a public one: the name server's next answer may have only that.
    sender = HttpSender(POLICY, resolve=lambda host, port: [PUBLIC, address])
    assert sender.send("https://hooks.example.org/", {}, b"").failure == "address-refused"


def test_the_address_that_was_judged_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that answers with a public address first and with loopback next time (rebinding)."""
    answers = [[PUBLIC], ["127.0.0.1"]]
    connected: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], **_: Any) -> Any:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.create_connection", connect)
    sender = HttpSender(POLICY, resolve=lambda host, port: answers.pop(0))
    assert sender.send("https://hooks.example.org/", {}, b"").failure == "connection-failed"
    assert (connected, len(answers)) == ([(PUBLIC, 443)], 1)


def test_loopback_is_for_development_and_means_this_machine_only() -> None:
    policy = TargetPolicy([], loopback=True)
    for url in ("http://127.0.0.1:8080/", "http://localhost/", "https://[::1]/"):
        assert policy.allows("127.0.0.1", policy.target(url))
        assert policy.allows("::ffff:127.0.0.1", policy.target(url))
        assert not policy.allows("10.0.0.1", policy.target(url))
    for url in ("http://10.0.0.1/", "http://hooks.example.org/", "https://hooks.example.org/"):
        with pytest.raises(UrlRefused):
            policy.target(url)


@pytest.mark.parametrize("url", ["https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://0/"])
def test_odd_spellings_of_loopback_are_resolved_before_they_are_judged(url: str) -> None:
    host = url.removeprefix("https://").rstrip("/")
    assert HttpSender(TargetPolicy([host])).send(url, {}, b"").failure in ("address-refused", "host-not-found")


def test_a_host_that_left_the_allow_list_gets_nothing_more() -> None:
    assert HttpSender(TargetPolicy()).send("https://hooks.example.org/", {}, b"").failure == "url-refused"


def connect_to_nothing(*_arguments: Any, **_options: Any) -> Any:
    raise AssertionError("connected")
