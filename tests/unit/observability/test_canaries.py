"""Personal data, sent down every path to the log, does not arrive."""
from __future__ import annotations

import json
import logging
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import structlog
from marshmallow import fields
from sqlalchemy import create_engine, text

from shared_components.contracts import EventContract, Message, MethodContract, ServiceContract
from shared_components.kernel.errors import Conflict
from shared_components.observability import register_contract
from tests.unit.observability.conftest import Capture

NAME, NUMBER, MOBILE, EMAIL = "林静", "33010619850615002X", "13800138000", "lin.jing@example.org"
CARD, TOKEN = "6222021234567890128", "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
CANARIES = (NAME, NUMBER, MOBILE, EMAIL, CARD, TOKEN)
EVERYTHING = " ".join(CANARIES)
BODY = json.dumps({"name": NAME, "id_number": NUMBER, "mobile": MOBILE, "card": CARD, "token": TOKEN},
                  ensure_ascii=False)


@dataclass
class Person:
    name: str = NAME
    id_number: str = NUMBER


def raise_with_causes() -> None:
    secret_local = EVERYTHING
    try:
        dict[str, str]()[NAME]
    except KeyError as cause:
        raise ValueError(f"cannot read {BODY!r} of {secret_local}") from cause


def log_exception(log: Callable[..., object], **fields: object) -> None:
    try:
        raise_with_causes()
    except ValueError:
        log("thing.read.failed", **fields)


def bad_statement() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO missing VALUES (:name)"), {"name": EVERYTHING})


def group_error() -> None:
    raise ExceptionGroup(f"for {NAME}", [ValueError(f"bad '{NAME}'"), KeyError(NUMBER)])


def attempt(action: Callable[[], None]) -> None:
    try:
        action()
    except Exception:
        logging.getLogger("services.identity").exception("thing.done.failed")


ours, foreign = structlog.get_logger("services.identity"), logging.getLogger("kombu.mixins")
stdlib = logging.getLogger("services.identity")
PATHS: dict[str, Callable[[], object]] = {
    "field by name": lambda: ours.info("a.b.done", id_number=NUMBER, name=NAME, mobile=MOBILE, email=EMAIL, pin=1),
    "field by last word": lambda: ours.info("a.b.done", holder_name=NAME, notifyEmail=EMAIL, **{"api-key": TOKEN}),
    "Chinese field": lambda: ours.info("a.b.done", 姓名=NAME, 身份证号=NUMBER),
    "field by class": lambda: ours.info("a.b.done", nachname_of_bearer=NAME, zeugnis=NAME, losung=NAME, vermerk=NAME),
    "value by shape": lambda: ours.info("a.b.done", note=f"{NUMBER}, {MOBILE}, {EMAIL}, {CARD}, {TOKEN}"),
    "value that is a number": lambda: ours.info("a.b.done", x=int(MOBILE), y=int(CARD), z=330106198506150020),
    "nested": lambda: ours.info("a.b.done", facts=[{"deep": {"name": NAME, "x": [NUMBER, (MOBILE, {EMAIL})]}}]),
    "too deeply nested": lambda: ours.info("a.b.done", a={"b": {"c": {"d": {"e": {"f": {"g": {"h": NAME}}}}}}}),
    "as a key": lambda: ours.info("a.b.done", facts={NAME: 1, NUMBER: 2}),
    "object": lambda: ours.info("a.b.done", person=Person(), people=[Person()]),
    "exception as a field": lambda: ours.info("a.b.done", why=ValueError(f"bad '{NAME}' {NUMBER}")),
    "bytes": lambda: ours.info("a.b.done", blob=BODY.encode()),
    "body": lambda: ours.info("a.b.done", body=BODY, payload=BODY, kwargs={"x": NAME}, data=NAME),
    "event text": lambda: ours.info(f"registered {EVERYTHING}"),
    "event arguments": lambda: ours.info("registered %s", EVERYTHING),
    "bound context": lambda: ours.bind(name=NAME, x=NUMBER).info("a.b.done"),
    "context variable": lambda: _with_context(),
    "stdlib extra": lambda: stdlib.info("a.b.done", extra={"id_number": NUMBER, "payer_name": NAME, "x": MOBILE}),
    "stdlib arguments": lambda: stdlib.info("registered %s", EVERYTHING),
    "stdlib mapping argument": lambda: stdlib.info("registered %(x)s", {"x": EVERYTHING}),
    "our exception": lambda: log_exception(ours.exception, name=NAME),
    "stdlib exception": lambda: log_exception(stdlib.exception),
    "exception without its helper": lambda: log_exception(lambda event: ours.error(event, exc_info=True)),
    "exception group": lambda: attempt(group_error),
    "database error": lambda: attempt(bad_statement),
    "stack": lambda: stdlib.info("a.b.done", stack_info=True),
    "library's raw body": lambda: foreign.error("Can't decode message body: %r (type:%r encoding:%r raw:%r')",
                                               ValueError(BODY), "text/plain", "utf-8", BODY),
    "library's bytes": lambda: foreign.warning("raw %r", BODY.encode()),
    "library's object": lambda: foreign.warning("for %r and %s", Person(), [NAME]),
    "library's message object": lambda: foreign.warning(Person()),
    "library's exception": lambda: log_exception(foreign.exception),
    "amqp frames": lambda: logging.getLogger("amqp").debug("frame %s", BODY),
    "sqlalchemy parameters": lambda: logging.getLogger("sqlalchemy.engine.Engine").info("[raw sql] %r", (NAME, NUMBER)),
    "root logger": lambda: logging.getLogger().warning("got %s", BODY),
    "warning": lambda: warnings.warn(f"odd value '{NAME}' {NUMBER}", stacklevel=1),
    "thread": lambda: _crash_in_thread(),
    "url with a password": lambda: ours.info("a.b.done", url=f"amqp://user:{TOKEN}@broker/"),
    "header in a text": lambda: ours.info("a.b.done", note=f"Authorization: Bearer {TOKEN}", n=f'password="{NAME}"'),
    "failing rendering": lambda: ours.info("a.b.done", x=_Unprintable()),
    "wrong number of arguments": lambda: foreign.warning("%s and %s", BODY),
}


class _Unprintable:
    def __repr__(self) -> str:
        raise ValueError(EVERYTHING)


def _with_context() -> None:
    with structlog.contextvars.bound_contextvars(subject_name=NAME, note=NUMBER):
        ours.info("a.b.done")


def _crash_in_thread() -> None:
    thread = threading.Thread(target=raise_with_causes)
    thread.start()
    thread.join()


class _Card(Message):
    zeugnis = fields.String(metadata={"data_class": "sensitive"})
    losung = fields.String(metadata={"data_class": "secret"})


class _Request(Message):
    nachname_of_bearer = fields.String(metadata={"data_class": "personal"})
    cards = fields.List(fields.Nested(_Card))


class _Happened(Message):
    vermerk = fields.String(metadata={"data_class": "personal"})


@pytest.fixture(autouse=True)
def _contract() -> None:
    register_contract(ServiceContract(
        "s", "1.0", {"m": MethodContract("m", _Request, _Card)}, (EventContract("happened", _Happened),),
    ))


@pytest.mark.parametrize("format", ["json", "console"])
@pytest.mark.parametrize("path", PATHS)
def test_personal_data_does_not_reach_the_log(
    path: str, format: str, capture: Capture, capfd: pytest.CaptureFixture[str]
) -> None:
    stream = capture(format=format)
    warnings.simplefilter("always")
    PATHS[path]()
    shown = "".join((stream.getvalue(), *capfd.readouterr()))
    assert [canary for canary in CANARIES if canary in shown] == []
    assert TOKEN.split(".")[2] not in shown
    if path not in ("amqp frames", "sqlalchemy parameters", "wrong number of arguments"):
        assert shown, "the record itself is to be seen"


def test_what_is_no_personal_data_stays(capture: Capture) -> None:
    stream = capture()
    error = Conflict("order pay_7 is 'closed'; only 'created' or 'pending' can be paid")
    stdlib.info("payment.order.paid", extra={
        "order_id": "pay_0195f7c0a1b2c3d4", "amount_minor": 1000, "matter": "驾驶证期满换证",
        "routing_key": "payment.calls", "trace_id": "4bf92f13800138000e4e13800138000a",
        "why": error, "session": "rpc-payment", "missing": None,
    })
    line = json.loads(stream.getvalue())
    assert line["order_id"] == "pay_0195f7c0a1b2c3d4" and line["amount_minor"] == 1000
    assert line["matter"] == "驾驶证期满换证" and line["routing_key"] == "payment.calls"
    assert line["trace_id"] == "4bf92f13800138000e4e13800138000a" and line["session"] == "rpc-payment"
    assert line["why"] == "Conflict[conflict]: order pay_7 is 'closed'; only 'created' or 'pending' can be paid"


def test_a_traceback_says_where_and_what_without_values(capture: Capture) -> None:
    stream = capture()
    log_exception(stdlib.exception)
    shown = json.loads(stream.getvalue())["exception"]
    assert "in raise_with_causes" in shown and "KeyError: [redacted]" in shown and "which led to" in shown
    assert "ValueError: cannot read [redacted]" in shown and "secret_local" not in shown


def test_identifiers_in_foreign_errors_stay_readable(capture: Capture) -> None:
    stream = capture()
    stdlib.info("a.b.failed", extra={
        "why": KeyError("order_id"), "other": ValueError("f() got 'Mary' and 'x'"),
        "bug": AttributeError("'dict' object has no attribute 'service'"), "odd": TypeError("got '林静', 'a b'"),
    })
    line = json.loads(stream.getvalue())
    assert line["why"] == "KeyError: 'order_id'" and line["other"] == "ValueError: f() got [redacted] and [redacted]"
    assert line["bug"] == "AttributeError: 'dict' object has no attribute 'service'"
    assert line["odd"] == "TypeError: got [redacted], [redacted]"
