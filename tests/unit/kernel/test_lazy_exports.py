"""Names that are loaded when they are asked for."""
from __future__ import annotations

import json.decoder

import pytest

from shared_components.kernel.lazy_exports import lazy_exports


def test_a_name_is_found_in_its_home_and_another_is_no_attribute() -> None:
    get = lazy_exports("json", {"JSONDecoder": "decoder"})
    assert get("JSONDecoder") is json.decoder.JSONDecoder
    with pytest.raises(AttributeError, match="module 'json' has no attribute 'nothing'"):
        get("nothing")
