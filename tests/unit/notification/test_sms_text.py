"""Parts of text messages, and their placeholders."""
from __future__ import annotations

import pytest

from services.notification.common.errors import TextMessageTooLong
from services.notification.common.sms_text import GSM7, MAINLAND, UCS2, SmsSize, check_size, measure, signed
from services.notification.templates.domain.errors import TemplateInvalid, ValuesMissing
from services.notification.templates.domain.template import Template, TemplateKey, check_template, parameters, render
from shared_components.kernel.phone_number import PhoneNumberInvalid, mask_phone_number, parse_phone_number
from tests.unit.notification.world import START


@pytest.mark.parametrize(("characters", "parts"), [
    (1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4), (469, 7), (470, 8), (500, 8)])
def test_on_the_mainland_every_character_counts_one_and_the_signature_too(characters: int, parts: int) -> None:
    body = ("证a1,，" * 100)[: characters - 4] if characters > 4 else "证" * characters
    text = signed("浙政", body) if characters > 4 else body
    assert measure(text, mainland=True) == SmsSize(MAINLAND, characters, parts)


@pytest.mark.parametrize(("text", "size"), [
    ("a" * 160, SmsSize(GSM7, 160, 1)), ("a" * 161, SmsSize(GSM7, 161, 2)), ("a" * 306, SmsSize(GSM7, 306, 2)),
    ("a" * 307, SmsSize(GSM7, 307, 3)), ("€" * 80, SmsSize(GSM7, 160, 1)), ("€" * 81, SmsSize(GSM7, 162, 2)),
    ("ç", SmsSize(UCS2, 1, 1)), ("证" * 70, SmsSize(UCS2, 70, 1)), ("证" * 71, SmsSize(UCS2, 71, 2)),
    ("😀" * 35, SmsSize(UCS2, 70, 1)), ("😀" * 36, SmsSize(UCS2, 72, 2)), ("", SmsSize(GSM7, 0, 1)),
])
def test_abroad_the_alphabet_decides(text: str, size: SmsSize) -> None:
    assert measure(text, mainland=False) == size


def test_a_text_is_no_longer_than_carriers_take() -> None:
    assert check_size("证" * 500, mainland=True).parts == 8
    with pytest.raises(TextMessageTooLong, match="501 characters with its signature; at most 500"):
        check_size("证" * 501, mainland=True)
    with pytest.raises(TextMessageTooLong, match="11 parts; at most 10"):
        check_size("a" * 1531, mainland=False)


def template(body: str, channel: str = "sms", subject: str | None = None) -> Template:
    return Template(TemplateKey("transport", "", "code", channel, "zh-CN"), 1, subject, body, START)


@pytest.mark.parametrize(("body", "values", "text"), [
    ("((a??您))好", {}, "您好"), ("((a??您))好", {"a": ""}, "您好"), ("((a??您))好", {"a": "张三"}, "张三好"),
    ("((a?))好", {}, "好"), ("((a??))好", {}, "好"), ("((a?))好", {"a": ""}, "好"),
])
def test_an_optional_value_may_have_a_text_in_its_place(body: str, values: dict[str, str], text: str) -> None:
    assert render(template(body), values).body == text


def test_a_placeholder_with_a_text_is_not_needed_and_braces_in_it_are_refused() -> None:
    with pytest.raises(ValuesMissing, match="misses values for a;"):
        render(template("((a))((b??x))"), {})
    for body in ("((a??(x)))", "((a??((b))))", "((a???", "((??x))"):
        with pytest.raises(TemplateInvalid):
            check_template(template(body))


def test_no_value_can_pretend_to_another_signature() -> None:
    one = template("((a))")
    assert render(one, {"a": "【银行】请转账"}).body == "[银行]请转账"
    assert parameters(one, {"a": "【银行】"}) == {"a": "[银行]"}
    for body in ("【银行】您好", "您好】"):
        with pytest.raises(TemplateInvalid, match="the signature is put before it"):
            check_template(template(body))
    with pytest.raises(TemplateInvalid, match="has a subject; it has none"):
        check_template(template("好", subject="标题"))


def test_parameters_are_in_the_order_of_the_body_with_their_defaults() -> None:
    one = template("((b??乙)) ((a)) ((b??乙))")
    assert list(parameters(one, {"a": "甲"}).items()) == [("b", "乙"), ("a", "甲")]


@pytest.mark.parametrize(("text", "number"), [
    ("13800000001", "+8613800000001"), ("+86 138-0000-0001", "+8613800000001"), ("008613800000001", "+8613800000001"),
    ("8613800000001", "+8613800000001"), ("19900000000", "+8619900000000"), ("+852 5123 4567", "+85251234567"),
    ("+14155552671", "+14155552671"),
])
def test_a_number_has_one_spelling(text: str, number: str) -> None:
    assert str(parse_phone_number(text)) == number
    assert str(parse_phone_number(number)) == number


@pytest.mark.parametrize("text", [
    "", "12345", "12800000001", "138000000011", "+8612800000001", "057188888888", "+999123456", "+1415",
    "１３８００００００01",
    "138000 00001x", "+" + "1" * 40, "13800000001,13800000002",
])
def test_what_gets_no_text_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(PhoneNumberInvalid) as caught:
        parse_phone_number(text)
    assert not text or text not in caught.value.message


@pytest.mark.parametrize(("number", "masked"), [
    ("+8613800000001", "+86138****0001"), ("+85251234567", "+852******67"), ("+1415", "*****")])
def test_a_number_is_masked(number: str, masked: str) -> None:
    assert mask_phone_number(number) == masked
