"""A newer master key is taken up by running processes: read with at once, written with when all have it."""
from __future__ import annotations

import logging
from pathlib import Path

import pytest

from shared_components.security import Secrets, keys
from shared_components.security.errors import Undecryptable
from shared_components.security.key_files import read_key_file
from shared_components.security.keys import LOOK_EVERY_S, TAKEN_UP_AFTER_S, KeyRing, format_key

ONE, TWO = b"1" * 32, b"2" * 32


class Process:
    """The secrets of one process, whose clock the test sets."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.ring = read_key_file(path, create=False)
        monkeypatch.setattr(self.ring, "_seconds", lambda: self.now)
        self.ring._looked_at = self.now
        self.secrets = Secrets(self.ring)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "master.key"
    path.write_text(format_key(1, ONE) + "\n")
    return path


def add(path: Path, version: int = 2, key: bytes = TWO) -> None:
    path.write_text(path.read_text() + format_key(version, key) + "\n")


def test_a_new_version_is_written_with_by_running_processes_after_all_have_it(
    path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = Process(path, monkeypatch)
    fields = process.secrets.fields
    old = fields.encrypt("林静", aad="r")
    add(path)
    written = []
    for _ in range(int(TAKEN_UP_AFTER_S / LOOK_EVERY_S) + 2):
        written.append(fields.key_version(fields.encrypt("林静", aad="r")))
        process.now += LOOK_EVERY_S
    assert written == sorted(written) and written[0] == written[-2] == 1 and written[-1] == 2
    assert fields.decrypt(old, aad="r") == "林静"
    assert fields.key_version(fields.rewrap(old, aad="r")) == 2


def test_a_value_of_a_version_that_another_process_has_already_is_read_at_once(
    path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = Process(path, monkeypatch)
    add(path)
    started_later = Secrets(read_key_file(path, create=False))
    newer = started_later.fields.encrypt("林静", aad="r")
    assert started_later.fields.key_version(newer) == 2
    process.now += 1
    assert process.secrets.fields.decrypt(newer, aad="r") == "林静"
    assert process.secrets.derive("x", 2) == started_later.derive("x", 2)
    hashed = started_later.keyed_hash("request").of(b"data")
    assert process.secrets.keyed_hash("request").matches(hashed, b"data")


def test_a_version_that_is_nowhere_is_looked_for_once_a_second_at_most() -> None:
    looks, now = [], [5.0]

    def read_again() -> dict[int, bytes]:
        looks.append(now[0])
        return {1: ONE}

    ring = KeyRing({1: ONE}, read_again, lambda: now[0])
    for _ in range(100):
        now[0] += 0.1
        assert 7 not in ring
        with pytest.raises(KeyError):
            ring.derive("x", 7)
    assert len(looks) <= 10
    with pytest.raises(Undecryptable, match="key version 7 is not in the ring"):
        Secrets(ring).fields.decrypt(b"\x01" + (7).to_bytes(4, "big") + bytes(100), aad="r")


@pytest.mark.parametrize(("content", "event"), [
    (None, "security.keys.not_read"), ("1:short\n", "security.keys.not_read"), ("", "security.keys.not_read"),
    (format_key(1, TWO), "security.keys.changed"), (format_key(2, TWO), ""),
])
def test_a_file_that_is_gone_malformed_or_changed_takes_no_version_away(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, content: str | None, event: str,
) -> None:
    process = Process(path, monkeypatch)
    before = process.secrets.derive("x", 1)
    old = process.secrets.fields.encrypt("林静", aad="r")
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    process.now += LOOK_EVERY_S
    with caplog.at_level(logging.ERROR, keys.__name__):
        assert process.ring.current == 1
    assert [record.message for record in caplog.records] == ([event] if event else [])
    assert "short" not in caplog.text
    assert process.secrets.derive("x", 1) == before
    assert process.secrets.fields.decrypt(old, aad="r") == "林静"


def test_a_signer_stays_with_the_key_that_it_names(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = Process(path, monkeypatch)
    signer = process.secrets.signer("evidence")
    add(path)
    for _ in range(6):
        process.now += LOOK_EVERY_S
        assert process.ring.current in (1, 2) and signer.key_id == "evidence/1"
    assert process.ring.current == 2
    assert process.secrets.signer("evidence").key_id == "evidence/2"
    assert set(signer.public_keys()) == {"evidence/1", "evidence/2"}
