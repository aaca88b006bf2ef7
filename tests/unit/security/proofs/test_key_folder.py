"""The folder of signing keys: made in development, complete in production, and never the sandbox's there."""
from __future__ import annotations

import threading
from pathlib import Path

import pytest

from shared_components.security.errors import KeyConfigurationError
from shared_components.security.proofs.key_folder import KeyFolder, kid_of, make_key


def test_development_makes_a_key_once_for_all_processes(tmp_path: Path) -> None:
    found: list[str] = []

    def look() -> None:
        keys = KeyFolder(tmp_path / "keys", makes=True)
        found.append(keys.signing_key("gateway").public().thumbprint())
        found.extend(key.thumbprint() for key in keys.public_keys("gateway").values())

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16 and len(set(found)) == 1
    assert (tmp_path / "keys" / "gateway.1.pem").stat().st_mode & 0o777 == 0o600


def test_the_newest_key_signs_and_all_verify(tmp_path: Path) -> None:
    for version in (1, 2, 10):
        make_key(tmp_path, "matter", version)
    keys = KeyFolder(tmp_path, makes=False)
    assert keys.signing_key("matter").kid == kid_of("matter", 10)
    assert sorted(keys.public_keys("matter")) == ["matter/1", "matter/10", "matter/2"]


def test_production_makes_no_key(tmp_path: Path) -> None:
    keys = KeyFolder.from_configuration({"keys_folder": str(tmp_path)}, "production")
    assert keys is not None
    with pytest.raises(KeyConfigurationError, match="no private key of 'matter'"):
        keys.signing_key("matter")
    assert keys.public_keys("gateway") == {}
    assert KeyFolder.from_configuration({}, "production") is None


def test_production_refuses_the_sandboxs_key(tmp_path: Path) -> None:
    make_key(tmp_path, "sandbox", 1)
    with pytest.raises(KeyConfigurationError, match="has a key of 'sandbox' and environment is 'production'"):
        KeyFolder.from_configuration({"keys_folder": str(tmp_path)}, "production")


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_is_no_key_is_named_and_not_shown(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "gateway.1.pub.pem").write_bytes(content)
    with pytest.raises(KeyConfigurationError, match=r"has 'gateway\.1\.pub\.pem', which cannot be used"):
        KeyFolder(tmp_path, makes=False).public_keys("gateway")
