from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_components.kernel.numbers import mask_email, mask_middle, mask_mobile, mask_name, mask_resident_id


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        (mask_name("张伟"), "张*"),
        (mask_name("欧阳小明"), "欧***"),
        (mask_name("John Smith"), "J*** S****"),
        (mask_name("张"), "*"),
        (mask_name(""), ""),
        (mask_mobile("13800000001"), "138****0001"),
        (mask_mobile("12345"), "*****"),
        (mask_email("zhang@example.org"), "z***@example.org"),
        (mask_email("z@example.org"), "****@example.org"),
        (mask_email("zhang"), "*****"),
        (mask_resident_id("330106199003070014"), "330106********0014"),
        (mask_resident_id("1234"), "****"),
    ],
)
def test_masks(masked: str, expected: str) -> None:
    assert masked == expected


@given(st.text(max_size=40), st.integers(0, 10), st.integers(0, 10))
def test_a_mask_keeps_the_length_and_hides_at_least_four(value: str, first: int, last: int) -> None:
    masked = mask_middle(value, first=first, last=last)
    assert len(masked) == len(value)
    assert masked.count("*") >= min(4, len(value))
