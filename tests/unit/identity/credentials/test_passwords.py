"""Rules of passwords: length and commonness, no composition."""
from __future__ import annotations

import pytest

from services.identity.credentials.domain.errors import PasswordNotAllowed
from services.identity.credentials.domain.passwords import require_allowed


@pytest.mark.parametrize("password", [
    "correct horse battery", "我家门前有两棵树呀", "tqvnmrls", "48201739516", "Xk29fmQp", "aaakd83jsla", " ksl eif ls ",
])
def test_a_password_needs_no_mix_of_signs(password: str) -> None:
    assert require_allowed(password) == password


@pytest.mark.parametrize(("password", "reason"), [
    ("seven77", "too-short"), ("k2" * 65, "too-long"), ("abc\x00defgh", "control-character"),
    ("abcd\nefgh", "control-character"),
    ("password", "common"), ("Password1", "common"), ("P@ssw0rd!", "common"), ("12345678", "common"),
    ("87654321", "common"), ("11111111", "common"), ("abababab", "common"), ("qwertyuiop", "common"),
    ("19900307", "common"), ("woaini1314", "common"), ("admin@2026", "common"), ("Hangzhou2026!", "common"),
    ("112233445566", "common"), ("abcdefgh", "common"), ("zhang2026", "common"),
])
def test_what_is_guessed_first_is_refused_with_its_reason(password: str, reason: str) -> None:
    with pytest.raises(PasswordNotAllowed) as refused:
        require_allowed(password)
    assert refused.value.details["reason"] == reason
    assert password == "password" or password not in refused.value.message


@pytest.mark.parametrize("password", ["linjing-kd8s", "xx13800138000", "mail.lin.here", "my 800217 code"])
def test_what_belongs_to_the_account_is_no_secret(password: str) -> None:
    own = ["linjing", "13800138000", "mail.lin@example.cn", "330106198506800217"]
    with pytest.raises(PasswordNotAllowed) as refused:
        require_allowed(password, own)
    assert refused.value.details["reason"] == "of-account"


def test_two_ways_to_type_a_character_are_one_password() -> None:
    assert require_allowed("cafe\u0301 au lait") == require_allowed("caf\u00e9 au lait")
