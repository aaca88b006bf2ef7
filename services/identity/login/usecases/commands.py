"""Commands of the login and the account, as the gateway sends them for a browser."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BeginLogin:
    """request_id: of an authorization request; or target: a page of the account.

    fresh: only a session counts in which the person has signed in just now.
    """

    address: str
    request_id: str | None = None
    target: str | None = None
    fresh: bool = False
    browser: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OfLogin:
    """A login in one browser. address: of the browser; device: its long-lived secret, for limits on guesses."""

    interaction: str
    address: str
    browser: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ContinueLogin:
    interaction: str
    address: str
    answers: Mapping[str, str] = field(repr=False)
    browser: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ReturnFromUpstream:
    """query: of the address that the other identity provider sent the browser to."""

    provider: str
    address: str
    query: str = field(repr=False)
    browser: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OfBrowser:
    address: str
    browser: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ReadAccount:
    page: str
    address: str
    browser: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ChangeAccount:
    page: str
    address: str
    answers: Mapping[str, str] = field(repr=False)
    browser: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)
