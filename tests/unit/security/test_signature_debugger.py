"""The debugger names the mistake that makes a signature wrong."""
from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared_components.security.request_signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from shared_components.security.signature_debugger import diagnose
from tests.unit.cli.conftest import Zhongtai, zhongtai

__all__ = ["zhongtai"]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY, BODY = b"6b6579", '{"b": "林静",  "a": 1}\n'.encode()
STAMP = str(int(NOW.timestamp())).encode()


def mac(key: bytes, signed: bytes) -> str:
    return hmac.digest(key, signed, "sha256").hex()


@pytest.mark.parametrize(("made", "said"), [
    (mac(KEY, BODY), "only the body was signed"),
    (mac(KEY, STAMP + BODY), "no '.' between"),
    (base64.b64encode(hmac.digest(KEY, STAMP + b"." + BODY, "sha256")).decode(), "is base64"),
    (mac(KEY, STAMP + b"." + BODY.rstrip()), "without its last line break"),
    (mac(KEY, STAMP + b"." + BODY + b"\n"), "a line break that is not sent"),
    (mac(b"key", STAMP + b"." + BODY), "decoded from hex"),
    (mac(KEY, STAMP + b"." + json.dumps(json.loads(BODY)).encode()), "written anew"),
    (mac(KEY, STAMP + b"." + json.dumps(json.loads(BODY), ensure_ascii=False, sort_keys=True).encode()), "anew"),
    ("0" * 64, "no usual mistake makes it"),
    ("é", "no usual mistake makes it"),
])
def test_a_usual_mistake_is_named(made: str, said: str) -> None:
    headers = {**sign(BODY, key_id="k1", key=KEY, at=NOW), SIGNATURE_HEADER: made}
    found = diagnose(headers, BODY, KEY, at=NOW)
    assert not found.is_good and said in found.said and found.said.zh


def test_a_good_signature_an_old_one_and_a_missing_header() -> None:
    headers = sign(BODY, key_id="k1", key=KEY, at=NOW)
    assert diagnose(headers, BODY, KEY, at=NOW).is_good
    assert diagnose({name.lower(): value for name, value in headers.items()}, BODY, KEY, at=NOW).is_good
    assert "away from now" in diagnose(headers, BODY, KEY, at=NOW + timedelta(hours=1)).said
    headers.pop(TIMESTAMP_HEADER)
    assert "is missing" in diagnose(headers, BODY, KEY, at=NOW).said


@pytest.mark.parametrize(("change", "code", "said"), [
    (lambda headers: headers, 0, "the signature is good"),
    (lambda headers: [*headers[:2], "-H", f"{SIGNATURE_HEADER}: {mac(KEY, BODY)}", *headers[4:]], 1, "only the body"),
    (lambda headers: ["-H", "nothing"], 2, "'nothing' has no value"),
])
def test_the_command_says_it_in_one_line(
    zhongtai: Zhongtai, tmp_path: Path, change: Callable[[list[str]], list[str]], code: int, said: str,
) -> None:
    (tmp_path / "body").write_bytes(BODY)
    (tmp_path / "key").write_bytes(KEY + b"\n")
    signed = sign(BODY, key_id="k1", key=KEY, at=datetime.now(UTC))
    headers = [part for name in (TIMESTAMP_HEADER, SIGNATURE_HEADER, *sorted(set(signed) - {
        TIMESTAMP_HEADER, SIGNATURE_HEADER})) for part in ("-H", f"{name}: {signed[name]}")]
    ran = zhongtai("sandbox", "signature", "body", "--key-file", "key", *change(headers))
    assert (ran.code, (ran.out + ran.err).count("\n")) == (code, 1) and said in ran.out + ran.err
    missing = zhongtai("sandbox", "signature", "nothing", "--key-file", "key")
    assert missing.code == 2 and "cannot be read" in missing.err
