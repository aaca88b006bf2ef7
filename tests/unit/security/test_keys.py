from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared_components.security import KeyConfigurationError, Secrets
from shared_components.security.key_files import load_key_ring, read_key_file
from shared_components.security.keys import KeyRing, format_key, parse_key_ring

KEY = bytes(range(32))
BARE = base64.b64encode(KEY).decode()


def test_development_makes_a_key_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    first = Secrets.for_development(tmp_path)
    second = Secrets.for_development(tmp_path)
    file = tmp_path / "master.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert second.fields.decrypt(first.fields.encrypt("林静", aad="r"), aad="r") == "林静"
    assert [path.name for path in tmp_path.iterdir()] == ["master.key"]


def test_processes_that_start_together_share_one_development_key(tmp_path: Path) -> None:
    path = tmp_path / "k" / "master.key"
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: read_key_file(path, create=True), range(8)))
    assert len({ring.derive("x") for ring in rings}) == 1


def test_production_without_a_key_is_refused_and_names_the_key() -> None:
    with pytest.raises(KeyConfigurationError, match=r"security\.master_key_file is not set") as caught:
        Secrets.from_configuration({}, "production")
    assert caught.value.key == "security.master_key_file"


def test_production_never_makes_a_missing_key_file(tmp_path: Path) -> None:
    path = tmp_path / "absent.key"
    with pytest.raises(KeyConfigurationError, match="which is missing"):
        load_key_ring({"master_key_file": str(path)}, "production")
    assert not path.exists()


def test_both_sources_at_once_are_refused() -> None:
    with pytest.raises(KeyConfigurationError, match="one of the two"):
        load_key_ring({"master_key": BARE, "master_key_file": "x"}, "production")


@pytest.mark.parametrize("text", ["", "# only a comment", "1:short", "x:" + BARE, "0:" + BARE, f"1:{BARE},1:{BARE}",
                                  "1:" + base64.b64encode(b"k" * 31).decode(), "钥匙"])
def test_bad_key_text_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(KeyConfigurationError) as caught:
        parse_key_ring(text, configuration_key="security.master_key")
    assert BARE not in str(caught.value) and "short" not in str(caught.value)


def test_a_wrong_type_names_its_key() -> None:
    with pytest.raises(KeyConfigurationError, match=r"security\.master_key is a int"):
        load_key_ring({"master_key": 12}, "development")
    with pytest.raises(KeyConfigurationError, match="blind_index_key_version"):
        Secrets.from_configuration({"master_key": BARE, "blind_index_key_version": "1"}, "production")


def test_a_bare_key_is_version_one_and_the_highest_version_is_current() -> None:
    assert parse_key_ring(BARE, configuration_key="k").current == 1
    ring = parse_key_ring(f"{BARE}\n{format_key(3, b'z' * 32)}", configuration_key="k")
    assert ring.versions == (1, 3) and ring.current == 3


def test_purposes_and_versions_have_different_keys() -> None:
    ring = KeyRing({1: KEY, 2: KEY[::-1]})
    assert len({ring.derive("a", 1), ring.derive("a", 2), ring.derive("b", 1), KEY}) == 4
    assert ring.derive("a") == ring.derive("a", 2)


def test_the_ring_does_not_show_its_keys() -> None:
    assert repr(KeyRing({1: KEY})) == "KeyRing(versions=(1,))"
