from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared_components.security.errors import SignatureExpired, SignatureInvalid, SignatureMissing
from shared_components.security.request_signing import (
    KEY_ID_HEADER,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    RequestVerifier,
    sign,
    signature,
)

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
KEY, BODY = b"hospital-key", '{"结论":"合格"}'.encode()
VERIFIER = RequestVerifier({"hospital-1": KEY, "hospital-2": b"other"})


def headers() -> dict[str, str]:
    return sign(BODY, key_id="hospital-1", key=KEY, at=AT)


def test_the_signature_is_that_of_the_documented_vector() -> None:
    # printf '1700000000.{}' | openssl dgst -sha256 -hmac key
    assert signature(b"key", "1700000000", b"{}") == (
        "9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae"
    )


def test_a_signed_request_is_accepted_whatever_the_case_of_the_header_names() -> None:
    assert VERIFIER.verify(headers(), BODY, at=AT) == "hospital-1"
    assert VERIFIER.verify({name.upper(): value for name, value in headers().items()}, BODY, at=AT) == "hospital-1"


@pytest.mark.parametrize("name", [TIMESTAMP_HEADER, SIGNATURE_HEADER, KEY_ID_HEADER])
def test_a_missing_header_is_named(name: str) -> None:
    with pytest.raises(SignatureMissing, match=name):
        VERIFIER.verify({key: value for key, value in headers().items() if key != name}, BODY, at=AT)


@pytest.mark.parametrize(("name", "value"), [
    (SIGNATURE_HEADER, "0" * 64), (SIGNATURE_HEADER, "签"), (KEY_ID_HEADER, "hospital-2"), (KEY_ID_HEADER, "unknown"),
    (TIMESTAMP_HEADER, str(int(AT.timestamp()) + 1)), (TIMESTAMP_HEADER, "soon"),
])
def test_a_changed_header_is_refused(name: str, value: str) -> None:
    with pytest.raises(SignatureInvalid):
        VERIFIER.verify({**headers(), name: value}, BODY, at=AT)


def test_a_changed_body_is_refused() -> None:
    with pytest.raises(SignatureInvalid):
        VERIFIER.verify(headers(), BODY + b" ", at=AT)


@pytest.mark.parametrize("away_s", [-301, 301, 86400])
def test_a_request_outside_the_leeway_is_refused(away_s: int) -> None:
    with pytest.raises(SignatureExpired, match="300 s either way"):
        VERIFIER.verify(headers(), BODY, at=AT + timedelta(seconds=away_s))


@pytest.mark.parametrize("away_s", [-300, 300])
def test_a_request_at_the_edge_of_the_leeway_is_accepted(away_s: int) -> None:
    assert VERIFIER.verify(headers(), BODY, at=AT + timedelta(seconds=away_s)) == "hospital-1"


@pytest.mark.parametrize("timestamp", ["-1", "1e9", "٣٣", "9" * 13, " 1"])
def test_a_signed_timestamp_that_is_no_number_is_refused(timestamp: str) -> None:
    forged = {**headers(), TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: signature(KEY, timestamp, BODY)}
    with pytest.raises(SignatureInvalid, match="epoch seconds"):
        VERIFIER.verify(forged, BODY, at=AT)
