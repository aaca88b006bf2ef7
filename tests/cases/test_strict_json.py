"""One reader for all JSON from outside: it takes what means one thing only, and gives it back exactly."""
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.adapters.json_objects import json_object
from services.gateway.domain.errors import BodyMalformed
from services.matter.kinds.callback.errors import CallbackInvalid
from services.matter.steps.adapters.callbacks import CallbackKey, HmacCallbacks
from services.payment.channels.adapters.sandbox.notification import read_notification
from services.payment.channels.adapters.wechat.messages import _json as read_wechat
from services.payment.channels.domain.errors import NotificationMalformed
from shared_components.bus.amqp import wire
from shared_components.bus.errors import MalformedMessage
from shared_components.cli.call import request_of
from shared_components.cli.errors import WrongUse
from shared_components.db.engines import make_engine
from shared_components.kernel.strict_json import MAX_DEPTH, JsonRefused, find_problem, read, read_list
from shared_components.security.request_signing import KEY_ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

BROKEN = [
    b"", b" ", b"\0", b"{", b"{} {}", b"{},", b'{"a": 1}]', b"\xef\xbb\xbf{}", '{"a": 1}'.encode("utf-16"),
    b'{"a": "\xff"}', b'{"a": "\xed\xa0\xbd"}', '{"a": "é"}'.encode("latin-1"), b'{"a": NaN}', b'{"a": Infinity}',
    b'{"a": -Infinity}', b'{"a": 1e400}', b'{"a": ' + b"9" * 400 + b"}", b'{"a": 01}', b'{"a": +1}', b'{"a": .5}',
    b'{"a": "\\ud83d"}', b'{"a": "\\ude00\\ud83d"}', b'{"\\ud83d": 1}', b'{"a": "\x00"}', b"{'a': 1}", b'{"a": 1,}',
    b'{"a": ' + b"[" * 1030 + b"]" * 1030 + b"}",
]
WRONG = [
    (b'{"passed": false, "passed": true}', "passed"), (b'{"a": {"b": [{"c": 1, "c": 1}]}}', "a.b.0.c"),
    (b'{"a": 1, "\\u0061": 2}', "a"), (b'{"a": "x\\u0000y"}', "a"), (b'{"a": ["\\u0000"]}', "a.0"),
    (b'{"a": 18446744073709551616}', "a"), (b'{"a": -9223372036854775809}', "a"),
    (b'{"a": 4200000925202101284997714292}', "a"), (b'{"a": 0.1000000000000000055511151231257827}', "a"),
    (b'{"a": 1e-400}', "a"), (b'{"a": 12345678901234567.5}', "a"), (b'{"a": 1e-999999999999999999999}', "a"),
]
TOO_DEEP = [MAX_DEPTH + 1, 254, 255, 1000]
EXACT = [
    ("18446744073709551615", 2**64 - 1), ("-9223372036854775808", -(2**63)), ("9007199254740993", 2**53 + 1),
    ("0.1", 0.1), ("1.10", 1.1), ("-0", 0), ("1E5", 1e5), ("5e-324", 5e-324),
    ("1.7976931348623157e308", 1.7976931348623157e308),
    ("0.30000000000000004", 0.1 + 0.2), ('"\\ud83d\\ude00"', "😀"), ('"\\\\u0000"', "\\u0000"), ('"𫰠"', "𫰠"),
]  # fmt: skip


def nested(levels: int) -> bytes:
    return b'{"a":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


@pytest.mark.parametrize("body", BROKEN)
def test_what_is_not_json_is_refused_with_its_place(body: bytes) -> None:
    with pytest.raises(JsonRefused, match=r"is not JSON in UTF-8 \(line \d+, column \d+\)"):
        read(body)


@pytest.mark.parametrize(("body", "where"), WRONG)
def test_what_means_two_things_or_would_be_changed_is_refused_with_its_path(body: bytes, where: str) -> None:
    with pytest.raises(JsonRefused) as refused:
        read(body)
    assert refused.value.where == where
    assert list(refused.value.fields()) == [where]


@pytest.mark.parametrize("levels", TOO_DEEP)
def test_nesting_has_a_bound(levels: int) -> None:
    assert read(nested(MAX_DEPTH)) is not None
    with pytest.raises(JsonRefused, match="nested too deeply; 64 levels"):
        read(nested(levels))


@pytest.mark.parametrize(("text", "value"), EXACT)
def test_what_can_be_kept_exactly_is_kept_exactly(text: str, value: Any) -> None:
    assert read(f'{{"a": {text}}}') == {"a": value}
    assert read(f'{{"a":{text}}}'.encode()) == {"a": value}


def test_no_content_is_quoted_but_names() -> None:
    with pytest.raises(JsonRefused) as refused:
        read('{"name": "林静", "a\\u0000\\u001b[31m": "330106199003070014"}')
    assert "林静" not in str(refused.value)
    assert "330106" not in str(refused.value)
    assert str(refused.value).isprintable()


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=12)


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_whatever_is_right_comes_back_however_it_is_written(value: Any, ascii_only: bool, indent: int | None) -> None:
    for body in (orjson.dumps(value), json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()):
        assert read(body) == value
        assert read_list(b"[" + body + b"," + body + b"]") == [value, value]
    assert find_problem(value) is None


@given(st.dictionaries(st.sampled_from("ab"), VALUES, min_size=1), st.data())
def test_a_name_is_never_taken_twice(content: dict[str, Any], data: st.DataObject) -> None:
    pairs = [*content.items(), (data.draw(st.sampled_from(sorted(content))), data.draw(VALUES))]
    compact = b",".join(orjson.dumps(name) + b":" + orjson.dumps(value) for name, value in pairs)
    with pytest.raises(JsonRefused):
        read(b"{" + compact + b"}")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=None))
def test_a_number_is_exact_or_refused(number: Any) -> None:
    text = format(number, "f")
    if len(text) < 300:
        try:
            value = read(f"[{text}]")[0]
        except JsonRefused:
            assert "." not in text or float(text) != number or type(number)(repr(float(text))) != number
        else:
            assert type(number)(repr(value)) == number


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        read(body)
    except JsonRefused as refused:
        assert str(refused)


# every way in

KEY = b"a key of sixteen"


def signed_callback(body: bytes) -> Any:
    text = body.decode("utf-8")
    at = datetime.now(UTC)
    headers = sign(text.encode(), key_id="hospital-1", key=KEY, at=at)
    return HmacCallbacks({"hospital-1": CallbackKey("hospital", KEY)})(
        key_id=headers[KEY_ID_HEADER], timestamp=headers[TIMESTAMP_HEADER], signature=headers[SIGNATURE_HEADER],
        body=text, at=at).content


def sandbox_notification(body: bytes) -> Any:
    return read_notification(body, channel="sandbox", merchant_id="m")


SURFACES: list[tuple[Callable[[bytes], Any], type[Exception]]] = [
    (json_object, BodyMalformed), (signed_callback, CallbackInvalid), (sandbox_notification, NotificationMalformed),
    (lambda body: read_wechat(body.decode()), NotificationMalformed), (wire.decode_json, MalformedMessage),
    (lambda body: request_of((), body.decode()), WrongUse),
    (lambda body: request_of((f"value={body.decode()}",), None, {"value": {"type": "object"}}), WrongUse),
]  # fmt: skip


@pytest.mark.parametrize(("surface", "error"), SURFACES)
@pytest.mark.parametrize("body", [
    *(body for body, _ in WRONG), b'{"remark": "\xe4\xbd\x93\xe6\xa3\x80\xe5\x90\x88\xe6\xa0\xbc\\ud83d"}',
    b'{"callback_id": "cb\\u0000"}', nested(200), nested(1000),
])
def test_every_body_from_outside_is_read_by_it(
    surface: Callable[[bytes], Any], error: type[Exception], body: bytes,
) -> None:
    with pytest.raises(error):
        surface(body)


def test_a_callbacks_refusal_says_where() -> None:
    with pytest.raises(CallbackInvalid, match=r"'result\.passed' given twice") as refused:
        signed_callback(b'{"result": {"passed": false, "passed": true}}')
    assert refused.value.details == {"fields": {"result.passed": ["given twice"]}}


def test_the_command_line_takes_digits_as_text_where_text_is_wanted() -> None:
    assert request_of(("number=4200000925202101284997714292",), None, {"number": {"type": "string"}}) == {
        "number": "4200000925202101284997714292"}
    with pytest.raises(WrongUse, match="argument number"):
        request_of(("number=4200000925202101284997714292",), None, {"number": {"type": "integer"}})


def test_no_service_reads_json_from_outside_by_another_reader() -> None:
    """Those named here read what the platform itself has written."""
    own = {
        "services/elicence/adapters/field_encryption.py", "services/matter/cases/adapters/field_encryption.py",
        "services/notification/messages/adapters/field_encryption.py", "shared_components/bus/server/kept_replies.py",
        "shared_components/evidence_log/records.py", "shared_components/evidence_log/statements.py",
        "shared_components/cli/evidence.py",  # heads and proofs that the command wrote
        "shared_components/bus/deployment/rabbitmqctl.py",  # the broker's own tool
        "shared_components/bus/deployment/management_api.py",  # and its own server
        "services/notification/jobs/adapters/jobs.py",  # counts that it has written
        "services/matter/publishing/adapters/definition_reader.py",  # the schema beside it
        "services/identity/credentials/adapters/passkeys.py", "services/identity/login/adapters/interactions.py",
        "services/identity/openid/adapters/requests.py", "services/identity/privacy/adapters/requests.py",
        "services/identity/sessions/adapters/signing_keys.py", "services/identity/upstream/adapters/sign_ins.py",
        "shared_components/bus/server/letter_secrets.py",  # a message whose form the bus has checked
        "shared_components/security/proofs/login_keys.py",  # keys that identity's feed told
        "services/payment/channels/adapters/alipay/client.py",  # where a member that was read ends
        "shared_components/bus/client/blocking.py",
        "shared_components/bus/amqp/wire.py",  # messages that came back, and replies
        "shared_components/bus/deployment/definitions.py",
        "shared_components/contracts/store.py",  # contracts of the checkout
        "shared_components/contracts/examples.py",
        "shared_components/cli/call.py", "shared_components/db/engines.py",
        "shared_components/runtime/line_socket.py",  # answers of our own process
        "shared_components/kernel/strict_json.py",
        "services/notification/notify_api/adapters/keys.py",  # rows that it has sealed
        "shared_components/cli/sandbox_platform.py",  # credentials that the sandbox wrote
        "shared_components/runtime/backup/folder.py",  # the manifest that the backup wrote
        "shared_components/runtime/scalers.py",  # answers of kubectl and docker
        "shared_components/security/signature_debugger.py",  # only to be written again
    }
    root = Path(__file__).parents[2]
    readers = ("json.loads", "json.load(", ".json()", "raw_decode", "JSONDecoder")
    files = [path for folder in ("services", "shared_components") for path in (root / folder).rglob("*.py")]
    others = {
        str(path.relative_to(root)) for path in files
        if not {"testing", "devstack"} & set(path.parts) and any(reader in path.read_text() for reader in readers)
    }
    assert others - own == set()


# numbers in what is stored

def test_numbers_are_stored_exactly(tmp_path: Path) -> None:
    from sqlalchemy import JSON, Column, MetaData, Table, insert, select
    from sqlalchemy.engine import make_url

    from shared_components.db.settings import Limits

    engine = make_engine(make_url(f"sqlite:///{tmp_path}/numbers.db"), "test", Limits())
    table = Table("numbers", MetaData(), Column("content", JSON))
    table.create(engine)
    content = {"n": [value for _, value in EXACT]}
    with engine.begin() as connection:
        connection.execute(insert(table), [{"content": content}])
        assert connection.execute(select(table.c.content)).scalar_one() == content
    engine.dispose()
