"""Password hashes: Argon2id (RFC 9106) in its PHC text form, computed in real threads."""
from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Protocol, TypeVar

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from services.identity.credentials.domain.errors import HashingBusy
from shared_components.bus import ThreadsBusy

T = TypeVar("T")
SALT_BYTES, HASH_BYTES = 16, 32
_PARAMETERS = re.compile(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$")


class Threads(Protocol):
    """The part of RealThreads that hashing uses."""

    @property
    def inside(self) -> int: ...

    def run(self, function: Callable[[], T]) -> T: ...


@dataclass(frozen=True, slots=True)
class Parameters:
    """memory_kib: of one hash. passes: over that memory. lanes: threads of one hash."""

    memory_kib: int = 19 * 1024
    passes: int = 2
    lanes: int = 1


class Argon2Hasher:
    """Satisfies Hasher. threads: how many hash at once."""

    def __init__(self, threads: Threads, parameters: Parameters | None = None, *, at_once: int = 1) -> None:
        self._threads, self._parameters, self._at_once = threads, parameters or Parameters(), at_once
        self._duration_s = 0.05
        # Nobody has this password: what is compared with it fails, after the same time.
        self._nobody = self._encode(secrets.token_urlsafe(32))

    def hash(self, password: str) -> str:
        return self._run(lambda: self._encode(password))

    def verify(self, password: str, encoded: str | None) -> bool:
        matches = self._run(lambda: _matches(password, encoded or self._nobody))
        return matches and encoded is not None

    def is_outdated(self, encoded: str) -> bool:
        found, wanted = _PARAMETERS.match(encoded), self._parameters
        return found is None or tuple(map(int, found.groups())) != (wanted.memory_kib, wanted.passes, wanted.lanes)

    def _encode(self, password: str) -> str:
        wanted = self._parameters
        return Argon2id(
            salt=os.urandom(SALT_BYTES), length=HASH_BYTES, iterations=wanted.passes, lanes=wanted.lanes,
            memory_cost=wanted.memory_kib).derive_phc_encoded(password.encode())

    def _run(self, compute: Callable[[], T]) -> T:
        try:
            result, took_s = self._threads.run(lambda: _timed(compute))
        except ThreadsBusy:
            wait_s = max(1, ceil(self._threads.inside * self._duration_s / self._at_once))
            raise HashingBusy(details={"retry_after_s": wait_s}) from None
        self._duration_s += (took_s - self._duration_s) / 16
        return result


def _timed(compute: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    return compute(), time.perf_counter() - began


def _matches(password: str, encoded: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(password.encode(), encoded)
    except (InvalidKey, ValueError):
        return False
    return True
