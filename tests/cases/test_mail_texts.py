"""A user's text in a mail is never interpreted a second time: what arrives is what was written, byte for byte.

Python's e-mail library (seen in 3.11 and 3.13) decodes what looks like an encoded word in a text that it is given to
encode, even into CR and LF. The letters are written without it; that may go once a supported Python passes
`test_the_library_still_interprets_a_subject`.
"""
from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.common.channels import check_line
from services.notification.common.errors import AddressInvalid, ControlCharacter, LineBreakInHeader
from services.notification.messages.adapters.letters import subject_words, write_mail
from services.notification.messages.adapters.smtp import SmtpMailer
from services.notification.messages.domain.mailer import Letter, NotSent
from services.notification.messages.domain.message import PERMANENT
from services.notification.messages.settings import NotificationSettings
from shared_components.devstack.smtp_sink import RunningSink, running_sink
from shared_components.kernel.email_address import parse_email_address
from shared_components.kernel.errors import AppError
from shared_components.kernel.plain_text import LINE_BREAKS
from tests.unit.notification.conftest import migrated, world  # noqa: F401
from tests.unit.notification.world import START, World

INTERPRETED = [
    "=?utf-8?q?x=0d=0aBcc:_evil=40example.org?=",
    "=?utf-8?q?x=00y?=",
    "=?utf-8?B?5rWL6K+V?=",
    "=?gb2312?B?suLK1A==?= 与 =?utf-8?q?y?=",
    "=?utf-8?q?unfinished",
    "a =?utf-8?q?b?= c",
]
BLANKS = [" leading", "trailing ", "two  blanks", "  ", "x" * 64 + "  " + "y" * 64, "a\tb", "审批 " * 60]
PLAIN = [
    "缴费成功:¥10.00", "x" * 400, "词" * 400, "Re: [3] (x) <y@z> \"q\" \\", "𰻝三 古丽米热·艾比布力", "😀" * 100, "",
]


def mailer(sink: RunningSink, **settings: Any) -> SmtpMailer:
    given = {"smtp_port": sink.port, "sender": "no-reply@gov.example", **settings}
    return SmtpMailer(NotificationSettings().load(given))


def letter(subject: str = "缴费", body: str = "您好", address: str = "zhang@example.cn") -> Letter:
    return Letter("msg_1", address, subject, body)


def raw_header(content: bytes, name: str) -> bytes:
    """A header's bytes, folds included."""
    found = re.search(rb"^%s:(.*?)\r\n(?![ \t])" % name.encode(), content, re.MULTILINE | re.DOTALL)
    assert found, content
    return found[1]


def decoded(header: bytes) -> str:
    """An independent reader of RFC 2047: unfold, then decode encoded words and drop the blanks between two of them."""
    text = header.removeprefix(b" ").replace(b"\r\n", b"").decode("ascii")
    words = re.compile(r"=\?utf-8\?b\?([A-Za-z0-9+/=]*)\?=", re.IGNORECASE)
    joined = re.sub(r"(\?=)[ \t]+(?==\?)", r"\1", text)
    return words.sub(lambda word: base64.b64decode(word[1]).decode(), joined)


@pytest.fixture(scope="module")
def sinks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, RunningSink]]:
    folder = tmp_path_factory.mktemp("sinks")
    with (
        running_sink(folder / "plain", without=["8BITMIME", "SIZE", "SMTPUTF8"]) as plain,
        running_sink(folder / "usual") as usual,
        running_sink(folder / "utf8", smtputf8=True) as utf8,
    ):
        yield {"plain": plain, "usual": usual, "utf8": utf8}


@pytest.fixture
def usual(sinks: dict[str, RunningSink]) -> RunningSink:
    return sinks["usual"]


@pytest.mark.parametrize("value", [*INTERPRETED, *BLANKS, *PLAIN])
def test_a_subject_arrives_exactly_as_it_was_written(usual: RunningSink, value: str) -> None:
    mailer(usual).send(letter(subject=value))
    content = usual.contents()[-1]
    head = content.partition(b"\r\n\r\n")[0]
    assert decoded(raw_header(content, "Subject")) == value
    assert [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))] == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding",
    ]
    assert head.isascii()
    assert b"\0" not in head


@pytest.mark.parametrize("value", [*INTERPRETED, *PLAIN])
def test_the_usual_readers_show_the_same_subject(usual: RunningSink, value: str) -> None:
    mailer(usual).send(letter(subject=value))
    assert usual.letters()[-1]["Subject"] == value
    header = message_from_bytes(usual.contents()[-1], policy=policy.compat32)["Subject"]
    assert str(make_header(decode_header(header))) == value


@pytest.mark.parametrize("value", INTERPRETED)
def test_a_value_in_a_templates_subject_arrives_as_it_is(world: World, usual: RunningSink, value: str) -> None:  # noqa: F811
    world.put(subject="((s))", body="((s))")
    message_id = world.send(values={"s": value}).message_id
    world.mailer = mailer(usual)  # type: ignore[assignment]
    world.deliver(message_id)
    content = usual.contents()[-1]
    assert decoded(raw_header(content, "Subject")) == value
    assert b"Bcc" not in content.partition(b"\r\n\r\n")[0]
    assert usual.letters()[-1].get_content().strip() == value


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=300))
def test_any_subject_can_be_read_back_from_lines_that_rfc_2047_allows(text: str) -> None:
    written = subject_words(text)
    assert decoded(written.encode("ascii")) == text or not text.strip()
    lines = f"Subject: {written}".split("\r\n")
    assert all(len(line) <= 76 for line in lines)
    assert all(line.startswith(" ") and line.strip() for line in lines[1:])
    assert all(len(word) <= 75 for word in re.findall(r"=\?\S+\?=", written))


@given(st.text(max_size=40))
def test_a_subject_is_either_refused_at_the_door_or_can_be_written(text: str) -> None:
    try:
        check_line("subject", text)
    except AppError:
        return
    content = write_mail(letter(subject=text), sender=parse_email_address("a@b.cn"), at=START, offers_8bitmime=False)
    assert decoded(raw_header(content.content, "Subject")) == text


def test_the_library_still_interprets_a_subject() -> None:
    """When this fails, the library is mended: services/notification/messages/adapters/letters.py may be shorter."""
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = INTERPRETED[2]
    assert message["Subject"] != INTERPRETED[2]


@pytest.mark.parametrize("character", [*LINE_BREAKS])
@pytest.mark.parametrize("place", ["value", "template"])
def test_what_ends_a_line_anywhere_gets_into_no_subject(world: World, character: str, place: str) -> None:  # noqa: F811
    with pytest.raises(LineBreakInHeader):
        if place == "template":
            world.put(subject=f"a{character}b")
        else:
            world.put(subject="((s))")
            world.send(values={"s": f"a{character}b"})


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\x1c", "\x1d", "\x1e", "\x85", "\x9b", "\ud83d"])
def test_no_text_has_control_characters(world: World, character: str) -> None:  # noqa: F811
    with pytest.raises(ControlCharacter, match=r"U\+00|U\+D83D"):
        world.put(body=f"a{character}b")
    world.put(body="((s))")
    with pytest.raises(ControlCharacter):
        world.send(values={"s": f"a{character}b"})


@pytest.mark.parametrize("body", [
    "一\r\n二\r三\n四", ".\n..\nFrom x\n", "a\u2028b\u2029c", "tab\tend", "x" * 3000, "长" * 3000,
])
@pytest.mark.parametrize("kind", ["plain", "usual", "utf8"])
def test_a_body_arrives_as_it_was_written(sinks: dict[str, RunningSink], kind: str, body: str) -> None:
    mailer(sinks[kind]).send(letter(body=body))
    got = message_from_bytes(sinks[kind].contents()[-1], policy=policy.default).get_payload(decode=True)
    assert isinstance(got, bytes)
    written = body.replace("\r\n", "\n").replace("\r", "\n")
    assert got.decode().replace("\r\n", "\n").rstrip("\n") == written.rstrip("\n")
    assert all(len(line) <= 998 for line in sinks[kind].contents()[-1].split(b"\r\n"))


def test_a_server_without_8bitmime_gets_seven_bits(sinks: dict[str, RunningSink]) -> None:
    mailer(sinks["plain"]).send(letter(body="张三您好"))
    assert sinks["plain"].contents()[-1].isascii()
    assert sinks["plain"].envelopes()[-1]["options"] == []
    assert sinks["plain"].letters()[-1].get_content() == "张三您好"


def test_a_server_with_8bitmime_is_told_of_eight_bits(usual: RunningSink) -> None:
    mailer(usual).send(letter(body="张三您好"))
    options = usual.envelopes()[-1]["options"]
    assert "BODY=8BITMIME" in options
    assert any(option.startswith("SIZE=") for option in options)
    assert "张三您好".encode() in usual.contents()[-1]


def test_a_letter_larger_than_the_server_takes_is_not_offered_to_it(usual: RunningSink) -> None:
    with pytest.raises(NotSent) as caught:
        mailer(usual).send(letter(body="长" * 12_000_000))
    assert (caught.value.failure.kind, caught.value.failure.code) == (PERMANENT, "larger-than-server-takes")
    assert not caught.value.provider_down


def test_an_international_domain_travels_in_ascii(sinks: dict[str, RunningSink]) -> None:
    for sink in sinks.values():
        mailer(sink).send(letter(address="zhang@例子.中国"))
        assert raw_header(sink.contents()[-1], "To") == b" zhang@xn--fsqu00a.xn--fiqs8s"
        assert sink.envelopes()[-1]["to"] == ["zhang@xn--fsqu00a.xn--fiqs8s"]


def test_an_international_name_needs_a_server_that_offers_smtputf8(sinks: dict[str, RunningSink]) -> None:
    mailer(sinks["utf8"]).send(letter(address="张三@例子.中国"))
    assert sinks["utf8"].envelopes()[-1]["to"] == ["张三@xn--fsqu00a.xn--fiqs8s"]
    assert "SMTPUTF8" in sinks["utf8"].envelopes()[-1]["options"]
    for kind in ("plain", "usual"):
        with pytest.raises(NotSent) as caught:
            mailer(sinks[kind]).send(letter(address="张三@例子.中国"))
        assert (caught.value.failure.kind, caught.value.failure.code) == (PERMANENT, "smtputf8-not-offered")


@pytest.mark.parametrize("address", ["=?utf-8?q?a=0d=0aX=3a?=@b.example", "=?utf-8?b?eA==?=@b.example"])
def test_an_address_that_looks_encoded_is_refused_and_never_written(world: World, address: str) -> None:  # noqa: F811
    world.put()
    with pytest.raises(AddressInvalid):
        world.send(address=address)
    with pytest.raises(AppError):
        write_mail(
            letter(address=address), sender=parse_email_address("a@b.cn"), at=START, offers_8bitmime=True)


def test_a_letter_that_cannot_be_written_has_failed_for_good(usual: RunningSink, tmp_path: Path) -> None:
    for bad in (letter(subject="a\x1cb"), letter(address="a b@c.cn"), letter(body="\ud83d")):
        with pytest.raises(NotSent) as caught:
            mailer(usual).send(bad)
        assert (caught.value.failure.kind, caught.value.failure.code) == (PERMANENT, "letter-not-written")
        assert not caught.value.provider_down
