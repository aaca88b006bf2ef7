"""One rule for names in all services: every ideograph, every script, and nothing that hides or deceives."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.subjects import schemas as identity_schemas
from services.identity.subjects import usecases as identity
from services.identity.subjects.domain.errors import NameInvalid
from services.payment.fees.usecases.fee_items import put_fee_item
from services.payment.orders.usecases.create_orders import create_orders
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.names import InvalidName, clean_name
from tests.outcomes import done
from tests.unit.elicence import world as licences
from tests.unit.identity.fakes import MemoryTransactions as IdentityTransactions
from tests.unit.identity.worlds import World, subject_for_case_of
from tests.unit.payment.memory import MemoryTransactions as PaymentTransactions
from tests.unit.payment.world import START, TENANT, FakeChannels, fee_item_call, fixed_clock, order_call

GOOD = [
    "林静", "欧阳 慧敏", "陈𫰠", "𰻝三", "𠮷野",
    # Extensions H, I and J, which Python 3.11 (Unicode 14) does not know, and code points that nobody has assigned yet.
    "陈𱖎", "陈\U0002ebf0", "陈\U000323b0", "陈\U00033479", "陈\U0002fffd", "陈\U0003fffd", "\u9fff静", "䶿",
    # Compatibility ideographs stay what they are.
    "\uf900\uf9d1", "\U0002f800三", "\ufa11",
    "古丽米热·艾比布力", "བསྟན་འཛིན", "گۈلمىرە", "غلام\u200cرضا", "Әлихан Бөкейхан", "ᠪᠠᠲᠤ",
    "ᠨᠢᠭᠡ\u180bᠨ", "ꆈꌠ", "José",
    "Mary-Jane O'Neil", "朱‧约翰", "〇〇三", "林々",
    "中国（浙江）自由贸易试验区“小蜜蜂”幼儿园", "A&B 科技(杭州)有限公司", "㈱日本",
    "二○二六·《读书》杂志社", "No.1 + 1 工作室",
]
BAD = [
    "", "   ", "·", "（）", "林\u202e静", "林\u202a静", "林\u2066静", "林\u2069静", "林\u200f静",
    "林\u061c静", "A\x1bB", "A\x1b[31mB",
    "林\x00静", "林\n静", "林\t静", "林\x1c静", "林\u0085静", "林\u2028静", "林\x7f静", "林\u200b静",
    "林\u200d静", "a\u200cb", "林\u2060静",
    "林\ufeff静", "林\u00ad静", "林\ufe0f静", "葛\U000e0100", "ㅤ", "林\u115f静", "林\u034f静", "\ud800",
    "陈\udc00", "\ue000三",
    "林\U000f0000", "林\U0010fffd", "a\u0378", "\uffff", "\U0002fffe", "\U0003ffff", "林\ufffd", "林\U000e0041",
    "<b>林静</b>", "{林静}", "\\u9648", "😀", "⽂静", "⿰亻𠮷", "\u0301a", "a" + "\u0301" * 20, "x" * 201,
]


@pytest.mark.parametrize("name", GOOD, ids=ascii)
def test_a_name_is_taken_as_it_is(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize("name", BAD, ids=ascii)
def test_what_is_no_name_is_refused_without_repeating_it(name: str) -> None:
    with pytest.raises(InvalidName) as caught:
        clean_name(name, field="payer_name")
    wire = caught.value.to_wire()
    assert (wire["category"], list(wire["details"]["fields"])) == ("invalid-input", ["payer_name"])
    assert len(name.strip()) < 2 or name not in str(wire)


@pytest.mark.parametrize(("given", "kept"), [
    ("  林静 ", "林静"), ("欧阳\u3000 慧敏", "欧阳 慧敏"), ("Jose\u0301",
    "José"), ("e\u0301\uf900e\u0301", "é\uf900é"),
])
def test_a_name_has_one_spelling(given: str, kept: str) -> None:
    assert clean_name(given) == kept
    assert clean_name(kept) == kept


IDEOGRAPHS = st.one_of(
    st.integers(0x20000, 0x2FFFD), st.integers(0x30000, 0x3FFFD), st.integers(0x4E00, 0x9FFF),
    st.integers(0x3400, 0x4DBF),
    st.integers(0xF900, 0xFAFF), st.integers(0x2F800, 0x2FA1F),
).map(chr)


@given(st.text(IDEOGRAPHS, min_size=1, max_size=20))
def test_every_ideograph_is_kept_as_it_is(name: str) -> None:
    assert clean_name(name) == name


@given(st.text(st.characters(), max_size=30))
def test_no_text_does_anything_but_be_taken_or_be_refused(text: str) -> None:
    try:
        kept = clean_name(text)
    except InvalidName:
        return
    assert clean_name(kept) == kept
    assert not set(kept) & set("\x00\x1b\n\u202e\u200b\ufeff<>{}\\")


@pytest.fixture
def people() -> World:
    clock = FixedClock(START)
    return World(IdentityTransactions(clock), clock)


def _register(people: World, name: str, **more: Any) -> str:
    schema, use_case = (identity_schemas.RegisterPerson, identity.register_person) if "id_number" in more else (
        identity_schemas.RegisterOrganisation, identity.register_organisation)
    with people.transactions.begin("t1") as tx:
        subject_id = use_case(tx, *people.call(schema, name=name, **more)).subject_id
        wanted = people.call(identity_schemas.ForCase, subject_id=subject_id, purpose="x")
        return str(subject_for_case_of(tx, wanted).name)


PERSON, COMPANY = {"id_number": "33010619850615002X"}, {"credit_code": "91330106MA2DEM0091"}


@pytest.mark.parametrize("document", [PERSON, COMPANY], ids=["person", "organisation"])
def test_identity_has_the_rule(people: World, document: dict[str, str]) -> None:
    assert _register(people, "陈𱖎", **document) == "陈𱖎"
    with pytest.raises(NameInvalid, match=r"U\+202E at place 2"):
        _register(people, "林\u202e静", **document)


def test_payment_has_the_rule_and_a_bad_name_sinks_no_neighbour() -> None:
    units = PaymentTransactions(fixed_clock(), [], FakeChannels())
    with units.begin(TENANT) as unit:
        put_fee_item(unit, *fee_item_call())
        calls = [order_call(payer_name=name) for name in ("陈\U0002ebf0", "A\x1bB", " 欧阳  慧敏")]
        first, refused, last = create_orders(unit, calls)
        assert isinstance(refused, InvalidName)
        kept = [unit.orders.get(TENANT, done(each)["order_id"]) for each in (first, last)]
    assert [order and order.payer_name for order in kept] == ["陈\U0002ebf0", "欧阳 慧敏"]


@pytest.mark.parametrize("field", ["name", "unit"])
def test_what_a_receipt_shows_of_a_fee_item_has_the_rule(field: str) -> None:
    units = PaymentTransactions(fixed_clock(), [], FakeChannels())
    with pytest.raises(InvalidName), units.begin(TENANT) as unit:
        put_fee_item(unit, *fee_item_call(**{field: "证\u202e"}))


def test_elicence_has_the_rule(tmp_path: Path) -> None:
    world = licences.memory_world()
    world.put_type()
    (good,) = world.issue(licences.licence_request(1, holder_name="𰻝三"))
    assert good["holder_name"].startswith("𰻝")
    for wrong in ({"holder_name": "林\u202e静"}, {"issuer_name": "公安\x1b局"}):
        (refused,) = world.issue(licences.licence_request(2, **wrong))
        assert isinstance(refused, InvalidName)
        assert list(refused.details["fields"]) == list(wrong)
    with pytest.raises(InvalidName):
        world.put_type(issuer_name="公安\u2066局")
