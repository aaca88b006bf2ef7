"""Error texts in both languages: made, sent over the wire and read again."""
from __future__ import annotations

import copy
import pickle

import orjson
import pytest

from shared_components.kernel.bilingual import Bilingual, chinese, paired
from shared_components.kernel.errors import Conflict, InvalidInput, NotFound, error_from_wire

CLOSED = Bilingual(
    "order pay_7 is 'closed'; only 'created' can be paid", "订单 pay_7 的状态为“closed”；只有“created”可以支付")


def test_programs_see_english_and_readers_their_language() -> None:
    error = Conflict(CLOSED)
    assert error.message == str(CLOSED)
    assert type(error.message) is str
    assert error.message_in("en") == str(CLOSED)
    assert error.message_in("zh-CN") == error.message_in("zh") == CLOSED.zh


def test_an_error_without_a_message_says_its_title_in_both_languages() -> None:
    assert NotFound().message_in("en") == NotFound.texts["en"]
    assert NotFound().message_in("zh-CN") == NotFound.texts["zh"]


def test_a_message_in_english_alone_stays_english() -> None:
    assert NotFound("order 'pay_0' does not exist").message_in("zh-CN") == "order 'pay_0' does not exist"


def test_both_languages_cross_the_wire() -> None:
    fields = {"lines": {0: {"quantity": [Bilingual("Must be less than 5.", "应小于 5。"), "no other language"]}}}
    sent = InvalidInput(CLOSED, details={"fields": fields, "allowed": ["lines"]})
    got = error_from_wire(orjson.loads(orjson.dumps(sent.to_wire(), option=orjson.OPT_NON_STR_KEYS)))
    assert got.message_in("zh") == CLOSED.zh
    assert got.details == {
        "fields": {"lines": {"0": {"quantity": ["Must be less than 5.", "no other language"]}}}, "allowed": ["lines"]}
    assert got.fields_in("zh") == {"lines": {"0": {"quantity": ["应小于 5。", "no other language"]}}}
    assert got.fields_in("en") == got.details["fields"]
    assert got.to_wire() == orjson.loads(orjson.dumps(sent.to_wire(), option=orjson.OPT_NON_STR_KEYS))


def test_an_error_in_english_alone_has_nothing_more_on_the_wire() -> None:
    assert NotFound("nothing", details={"fields": {"a": ["wrong"]}}).to_wire() == {
        "category": "not-found", "code": "not-found", "message": "nothing", "details": {"fields": {"a": ["wrong"]}}}


@pytest.mark.parametrize("zh", [None, "text", 7, {"message": 7, "fields": "text"}, {"fields": {"a": ["one", "two"]}},
                                {"fields": {"a": 7}}, {"fields": ["wrong"]}])
def test_chinese_texts_of_another_shape_are_left_out(zh: object) -> None:
    error = error_from_wire({
        "category": "invalid-input", "code": "x", "message": "wrong", "details": {"fields": {"a": ["bad"]}}, "zh": zh})
    assert error.message_in("zh") == "wrong"
    assert error.fields_in("zh") == {"a": ["bad"]}


def test_format_copy_and_pickle_keep_both_languages() -> None:
    made = Bilingual("at most {most}", "最多 {most}").format(most=3)
    for same in (made, copy.deepcopy(made), pickle.loads(pickle.dumps(made))):  # noqa: S301
        assert (str(same), same.zh) == ("at most 3", "最多 3")
    assert chinese(paired(["at most 3"], ["最多 3"])) == ["最多 3"]
