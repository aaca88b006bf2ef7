"""A wrong setting of a channel is told at start with its key, and no secret with it."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from services.payment.channels.adapters.alipay.amounts import minor
from services.payment.schemas import PaymentSettings
from shared_components.configuration.errors import ConfigurationError
from shared_components.configuration.loading import load_service_settings
from shared_components.kernel.money import decimal_text
from tests.unit.payment.channels.providers.kits import settings_of, write_keys

pytest.importorskip("wechatpayv3")
pytest.importorskip("alipay")

GIVEN = object()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    write_keys(folder)
    return folder


def load(keys: Path, name: str, **changes: Any) -> Any:
    section = {**settings_of(name, keys, "http://127.0.0.1:9"), "notify_url": "http://127.0.0.1:9/x", **changes}
    section = {key: value for key, value in section.items() if value is not GIVEN}
    return load_service_settings("payment", PaymentSettings, {name: section})[name]


@pytest.mark.parametrize(("name", "changes", "key"), [
    ("wechat", {"private_key_file": "/nowhere/key.pem"}, "services.payment.wechat.private_key_file"),
    ("wechat", {"private_key_file": GIVEN}, "services.payment.wechat.private_key"),
    ("wechat", {"private_key_file": GIVEN, "private_key": "s3cret-no-key"}, "services.payment.wechat.private_key"),
    ("wechat", {"private_key": "s3cret-no-key"}, "services.payment.wechat.private_key_file"),
    ("wechat", {"api_v3_key": "s3cret-too-short"}, "services.payment.wechat.api_v3_key"),
    ("wechat", {"merchant_id": "1"}, "services.payment.wechat.merchant_id"),
    ("wechat", {"product": "jsapi"}, "services.payment.wechat.product"),
    ("wechat", {"platform_key_files": {}}, "services.payment.wechat.platform_keys"),
    ("wechat", {"platform_key_files": GIVEN, "platform_keys": {"PUB_KEY_ID_01": "x"}},
     "services.payment.wechat.platform_keys.PUB_KEY_ID_01"),
    ("wechat", {"notify_url": "ftp://x"}, "services.payment.wechat.notify_url"),
    ("wechat", {"privat_key": "x"}, "services.payment.wechat.privat_key"),
    ("alipay", {"private_key_file": "/nowhere/key.pem"}, "services.payment.alipay.private_key_file"),
    ("alipay", {"private_key_file": GIVEN, "private_key": "s3cret-no-key"}, "services.payment.alipay.private_key"),
    ("alipay", {"alipay_public_key_file": GIVEN, "alipay_public_key": "x"},
     "services.payment.alipay.alipay_public_key"),
    ("alipay", {"app_id": "wx1"}, "services.payment.alipay.app_id"),
    ("alipay", {"timeout_s": 0}, "services.payment.alipay.timeout_s"),
])
def test_the_wrong_key_is_named_and_its_value_is_not(
    keys: Path, name: str, changes: dict[str, Any], key: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(keys, name, **changes)
    assert caught.value.details["key"] == key
    assert f"'{key}'" in caught.value.message and "s3cret" not in caught.value.message


@pytest.mark.parametrize(("name", "module"), [("wechat", "wechatpayv3"), ("alipay", "alipay")])
def test_a_configured_channel_without_its_package_is_told_at_start(
    keys: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigurationError, match=rf"services.payment.{name}.*zhongtai\[{name}\]"):
        load(keys, name)


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("bare", [True, False])
@pytest.mark.parametrize("name", ["wechat", "alipay"])
def test_private_keys_come_in_every_form_that_providers_hand_out(
    keys: Path, name: str, form: PrivateFormat, bare: bool
) -> None:
    from services.payment.channels.adapters.registry import MAKERS

    key = rsa.generate_private_key(65537, 2048)
    text = key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()
    given_text = "".join(text.splitlines()[1:-1]) if bare else text
    MAKERS[name](load(keys, name, private_key_file=GIVEN, private_key=given_text)).stop()


def test_a_key_that_is_too_short_is_refused(keys: Path) -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505
    text = weak.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(ConfigurationError, match="2048 bits"):
        load(keys, "alipay", private_key_file=GIVEN, private_key=text)


@given(st.integers(0, 10**14))
def test_amounts_survive_the_way_to_yuan_and_back(amount_minor: int) -> None:
    assert minor(decimal_text(amount_minor)) == amount_minor


@pytest.mark.parametrize(("text", "amount_minor"), [("0.01", 1), ("1", 100), ("1.5", 150), ("1.05", 105), ("0", 0)])
def test_amounts_are_read_to_the_fen(text: str, amount_minor: int) -> None:
    assert minor(text) == amount_minor


@pytest.mark.parametrize("text", [
    "", "-1", "+1", "1.", ".5", "1.005", "01", "1e3", "1,000", " 1", "1 ", "１", "NaN", "1.0a", None, 1.5, 100,
    "9" * 20,
])
def test_what_is_no_amount_is_none(text: Any) -> None:
    assert minor(text) is None
