"""One rule for e-mail addresses, wherever one enters; a component never takes what another one refuses."""
from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from services.identity.subjects.schemas import RegisterOrganisation, RegisterPerson
from services.matter.definitions.domain.forms import check_form
from services.notification.common.channels import check_email_address
from services.notification.messages.settings import NotificationSettings
from shared_components.kernel.email_address import EmailAddressInvalid, parse_email_address
from shared_components.kernel.errors import AppError

REFUSED = [
    '"quoted"@example.org', "email@[123.123.123.123]", "two..dots@example.org", ".leading@example.org",
    "trailing.@example.org", "a@b", "a@-x.cn", "a b@example.org", "a@exam ple.org", "Zhang <a@example.org>", "a@b@c.cn",
    "a@example.org\r\nBcc: x@y.cn", "a\u001c@example.org", "a@example.org\0", "a\u202e@example.org", "@example.org",
    "a@", "", "a@1.2.3.4", "a@localhost", "=?utf-8?q?a=0d=0aX=3a?=@b.example", "a@exam_ple.cn", "\ud83d@b.cn",
    "a" * 65 + "@example.org", "a@" + "x" * 250 + ".cn", "a@.cn", "a@b..cn", "a@example.org.", "(c)a@b.cn", "a,b@c.cn",
]
TAKEN = {
    "zhang@例子.中国": ("zhang@例子.中国", "zhang@xn--fsqu00a.xn--fiqs8s"),
    "zhang@xn--fsqu00a.xn--fiqs8s": ("zhang@例子.中国", "zhang@xn--fsqu00a.xn--fiqs8s"),
    "张三@例子.中国": ("张三@例子.中国", "张三@xn--fsqu00a.xn--fiqs8s"),
    "a@bücher.de": ("a@bücher.de", "a@xn--bcher-kva.de"),
    "A.B+c@Example.ORG": ("A.B+c@example.org", "A.B+c@example.org"),
    "o'neil@example.org": ("o'neil@example.org", "o'neil@example.org"),
}
FORM = {"type": "object", "properties": {"email": {"type": "string", "format": "email"}}}


def taken_by_identity(address: str) -> str:
    person = {"name": "张三", "id_number": "330106199003070014", "email": address}
    organisation = {"name": "某公司", "credit_code": "91330106MA2AABCD0X", "email": address}
    first, second = RegisterPerson().load(person).email, RegisterOrganisation().load(organisation).email
    assert first == second
    return str(first)


def taken_by_a_form(address: str) -> str:
    check_form(copy.deepcopy(FORM), {"email": address}, complete=True)
    return str(parse_email_address(address))


def taken_as_sender(address: str) -> str:
    return str(NotificationSettings().load({"sender": address})["sender"])


DOORS: list[Any] = [taken_by_identity, check_email_address, taken_by_a_form, taken_as_sender]
REFUSALS = (AppError, ValidationError)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("address", REFUSED)
def test_what_is_no_address_is_refused_at_every_door_and_not_repeated(door: Any, address: str) -> None:
    with pytest.raises(REFUSALS) as caught:
        door(address)
    assert not address or address not in str(caught.value)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("address", TAKEN)
def test_an_address_is_taken_at_every_door_in_one_form(door: Any, address: str) -> None:
    assert door(address) == TAKEN[address][0]
    assert parse_email_address(address).wire == TAKEN[address][1]


@given(st.one_of(st.emails(), st.text(max_size=30).map(lambda text: f"{text}@example.org"), st.text(max_size=30)))
def test_all_doors_judge_alike(address: str) -> None:
    verdicts = set()
    for door in DOORS:
        try:
            verdicts.add(door(address))
        except REFUSALS:
            verdicts.add("refused")
    assert len(verdicts) == 1


@given(st.emails())
def test_the_stored_form_of_an_address_is_taken_again_unchanged(address: str) -> None:
    try:
        stored = str(parse_email_address(address))
    except EmailAddressInvalid:
        return
    assert str(parse_email_address(stored)) == stored
    assert parse_email_address(stored).wire.isascii()


def test_what_identity_stores_is_sent_by_notification() -> None:
    """A case would be stuck at its notice otherwise."""
    for address in TAKEN:
        assert check_email_address(taken_by_identity(address))
