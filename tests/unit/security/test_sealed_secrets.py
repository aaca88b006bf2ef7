"""Secrets that are sealed for one service are opened there, in their place, and nowhere else."""
from __future__ import annotations

import asyncio
import base64
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import fields

from shared_components.bus.client.sealing import SealingBus
from shared_components.bus.errors import SecretNotOpened
from shared_components.bus.server.sealed_arguments import SealedArguments
from shared_components.contracts import Message
from shared_components.contracts.base import SECRET, secret_fields
from shared_components.contracts.registry import MethodContract, ServiceContract
from shared_components.security.errors import KeyConfigurationError
from shared_components.security.proofs.key_folder import KeyFolder, make_key
from shared_components.security.seal_keys import SealKeys, make_seal_key
from shared_components.security.sealed_secrets import PREFIX, NotOpened, Opener, Sealer, is_sealed

KEY, OTHER = X25519PrivateKey.generate(), X25519PrivateKey.generate()
PLACE = "vault.open_vault.code"


def sealer(service: str = "vault", key: X25519PrivateKey = KEY, version: int = 1) -> Sealer:
    return Sealer(service, lambda: {version: key.public_key()})


def opener(service: str = "vault", key: X25519PrivateKey = KEY, version: int = 1) -> Opener:
    return Opener(service, lambda: {version: key})


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=8)


@given(JSON)
def test_what_was_sealed_is_opened_as_it_was(value: Any) -> None:
    text = sealer().seal(value, PLACE)
    assert is_sealed(text)
    assert opener().open(text, PLACE) == value


def test_the_text_hides_the_secret_and_is_another_each_time() -> None:
    one = sealer()
    texts = {one.seal("Geheim-7K2QX", PLACE) for _ in range(50)}
    assert len(texts) == 50
    contents = [base64.urlsafe_b64decode(text.rpartition(".")[2] + "==") for text in texts]
    assert not any(b"Geheim" in content for content in contents)
    assert len({content[32:44] for content in contents}) == 50, "no nonce comes twice under one key"


@pytest.mark.parametrize("wrong", [
    lambda text: opener("other").open(text, PLACE), lambda text: opener().open(text, "vault.open_vault.pin"),
    lambda text: opener(key=OTHER).open(text, PLACE), lambda text: opener(version=2).open(text, PLACE),
])
def test_another_service_place_or_key_opens_nothing(wrong: Any) -> None:
    with pytest.raises(NotOpened):
        wrong(sealer().seal("x", PLACE))


def test_no_changed_text_is_opened() -> None:
    text, one = sealer().seal("secret", PLACE), opener()
    changed = [text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1:] for place in range(len(text))]
    for each in [*changed[:-1], text[:-4], text + "AAAA", PREFIX, PREFIX + "1.", PREFIX + "x.AAAA",
                 PREFIX + "1." + "A" * 90]:
        with pytest.raises(NotOpened):
            one.open(each, PLACE)


def test_the_newest_key_seals_and_older_ones_open_until_they_are_gone() -> None:
    keys = {1: KEY}
    seconds = [0.0]
    one = Sealer("vault", lambda: {version: key.public_key() for version, key in keys.items()}, lambda: seconds[0])
    there = Opener("vault", lambda: keys, lambda: seconds[0])
    first = one.seal("a", PLACE)
    assert there.open(first, PLACE) == "a"
    keys = {1: KEY, 2: OTHER}
    assert one.seal("b", PLACE).startswith("zts1.1."), "within the minute of a sender's key"
    seconds[0] = 61.0
    second = one.seal("b", PLACE)
    assert second.startswith("zts1.2.")
    assert [there.open(each, PLACE) for each in (first, second)] == ["a", "b"]


def test_without_a_key_of_the_service_the_value_stays() -> None:
    assert Sealer("vault", dict).seal("x", PLACE) == "x"


class Lock(Message):
    code = fields.String(metadata={"data_class": SECRET})


class OpenVault(Message):
    who = fields.String()
    code = fields.String(allow_none=True, metadata={"data_class": SECRET})
    answers = fields.Dict(metadata={"data_class": SECRET})
    locks = fields.List(fields.Nested(Lock))
    pins = fields.List(fields.String(metadata={"data_class": SECRET}))


VAULT = ServiceContract("vault", "1.0", {"open_vault": MethodContract(
    name="open_vault", request=OpenVault, reply=Lock, callers=("gateway",))})
GIVEN = {"who": "lin", "code": None, "answers": {"pin": "1"}, "locks": [{"code": "2"}], "pins": ["3"]}


class Recorded:
    connected = True

    async def call(self, service: str, method: str, kwargs: Any, **_: Any) -> Any:
        return dict(kwargs)

    async def close(self) -> None:
        pass


def test_fields_that_hold_a_secret_at_any_depth_are_sealed(tmp_path: Path) -> None:
    assert secret_fields(OpenVault) == {"code", "answers", "locks", "pins"}
    keys = KeyFolder(tmp_path, makes=True)
    sent = asyncio.run(SealingBus(Recorded(), [VAULT], keys).call("vault", "open_vault", GIVEN))
    assert (sent["who"], sent["code"]) == ("lin", None)
    assert all(is_sealed(sent[name]) for name in ("answers", "locks", "pins"))
    arguments = SealedArguments("vault", VAULT.methods, Opener("vault", SealKeys("vault", keys).private))
    assert arguments.opened("open_vault", sent) == GIVEN
    assert arguments.opened("open_vault", GIVEN) is GIVEN, "an app over AMQP cannot seal"
    with pytest.raises(SecretNotOpened):
        arguments.opened("open_vault", {**sent, "code": sent["answers"]})


def test_private_keys_are_their_owners_alone_and_of_the_right_kind(tmp_path: Path) -> None:
    make_seal_key(tmp_path, "seal_vault", 1)
    assert stat.S_IMODE((tmp_path / "seal_vault.1.pem").stat().st_mode) == 0o600
    assert SealKeys("vault", None).public() == {}
    assert SealKeys("empty", KeyFolder(tmp_path, makes=False)).public() == {}
    make_key(tmp_path, "seal_wrong", 1)
    for read in (SealKeys("wrong", KeyFolder(tmp_path, makes=False)).public,
                 SealKeys("wrong", KeyFolder(tmp_path, makes=False)).private):
        with pytest.raises(KeyConfigurationError):
            read()
