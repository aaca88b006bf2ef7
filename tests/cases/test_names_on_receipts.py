"""A receipt's document shows the payer's name exactly, as a reader gets it out again, or it is refused."""
from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from reportlab.pdfbase import ttfonts

from services.payment.common.domain.errors import ReceiptFontMissing, ReceiptNotPrintable
from services.payment.ledger.adapters.settlement_plot import plot
from services.payment.receipts.adapters.pdf import _style, print_receipt
from shared_components.devstack.binaries import document_fonts, pdftotext
from shared_components.kernel.errors import AppError
from shared_components.typesetting import fonts
from tests.cases.test_names import GOOD
from tests.unit.payment.receipts.test_receipt_document import receipt

EMBEDDING = {ord("\u202b"): None, ord("\u202c"): None}
"""pdftotext writes RLE and PDF around what runs from right to left; they are not in the document."""


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    document_fonts()
    _forget()


def _forget() -> None:
    for kept in (fonts.loaded, fonts.face_of, _style):
        kept.cache_clear()


@pytest.fixture
def without_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(fonts, "FOLDERS", ())
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def read(pdf: bytes, folder: Path) -> str:
    file = folder / "receipt.pdf"
    file.write_bytes(pdf)
    done = subprocess.run([str(pdftotext()), "-layout", str(file), "-"], capture_output=True, check=True)
    return done.stdout.decode().translate(EMBEDDING)


def payer_on(pdf: bytes, folder: Path) -> str:
    """With the line that follows where a name is wrapped."""
    text = read(pdf, folder)
    begin, end = text.index("交款人：") + 4, text.index("缴款码：")
    return "".join(line.split("   ")[0].strip() for line in text[begin:end].splitlines())


@pytest.mark.parametrize("name", [
    "陈𫰠", "𰻝三", "𠮷野", "陈𱖎", "豈", "\uf900", "\U0002f800三", "䶿", "林静", "古丽米热·艾比布力",
    "བསྟན་འཛིན", "བཀྲ་ཤིས་རྒྱལ་མཚན།",
    "གཡུ་སྒྲོན", "گۈلمىرە", "گۈلمىرە ئابلىز", "ئۆمەر جان", "Әлихан Бөкейхан", "ꆈꌠ", "José Ångström",
    "Mary-Jane O'Neil", "〇〇三", "㈱日本",
    "中国（浙江）自由贸易试验区“小蜜蜂”幼儿园", "A&B 科技(杭州)有限公司", "<b>&amp;</b>",
], ids=ascii)
def test_the_name_is_read_out_of_the_document_again(name: str, tmp_path: Path) -> None:
    assert payer_on(print_receipt(receipt(payer_name=name), None), tmp_path) == name


@pytest.mark.parametrize("name", GOOD, ids=ascii)
def test_every_name_that_is_taken_is_shown_exactly_or_refused(name: str, tmp_path: Path) -> None:
    try:
        pdf = print_receipt(receipt(payer_name=name), None)
    except (ReceiptNotPrintable, ReceiptFontMissing) as refusal:
        assert refusal.details["characters"]
        assert name not in str(refusal.to_wire())
        return
    assert payer_on(pdf, tmp_path) == name


@pytest.mark.parametrize(("name", "error", "reason"), [
    ("陈\U0002ebf0", ReceiptNotPrintable, "no-font"), ("陈\U000323b0", ReceiptNotPrintable, "no-font"),
    ("陈\U0003fffd", ReceiptNotPrintable, "no-font"), ("ᠪᠠᠲᠤ", ReceiptNotPrintable, "script"),
    ("林静（گۈلمىرە）", ReceiptNotPrintable, "mixed-directions"), ("گۈلمىرە 1", ReceiptNotPrintable,
    "mixed-directions"),
    ("རྒྱལ" * 50, ReceiptNotPrintable, "too-long"), ("林\u202e静", ReceiptNotPrintable, "no-font"),
    ("A\x1bB", ReceiptNotPrintable, "no-font"), ("𱖎\u0301", ReceiptNotPrintable, "script"),
], ids=ascii)
def test_what_cannot_be_shown_is_refused_with_its_reason(name: str, error: type[AppError], reason: str) -> None:
    """Also what was stored before names had a rule."""
    with pytest.raises(error) as caught:
        print_receipt(receipt(payer_name=name), None)
    assert caught.value.details["reason"] == reason


@pytest.mark.parametrize("field", ["name", "unit", "item_code"])
def test_the_lines_of_a_receipt_are_held_to_the_same(field: str, tmp_path: Path) -> None:
    lines = [{**receipt().lines[0], field: "𫰠费"}]
    assert "𫰠费" in read(print_receipt(receipt(lines=lines), None), tmp_path)
    with pytest.raises(ReceiptNotPrintable):
        print_receipt(receipt(lines=[{**receipt().lines[0], field: "གཡུ"}]), None)


def test_a_red_letter_receipt_has_the_name_too(tmp_path: Path) -> None:
    red = receipt(kind="red", original_id="rcp_0", payer_name="陈𫰠")
    assert payer_on(print_receipt(red, receipt(bill_number=6)), tmp_path).startswith("陈𫰠")


def test_the_same_receipt_gives_the_same_bytes() -> None:
    for name in ("陈𫰠", "བསྟན་འཛིན", "گۈلمىرە"):
        assert print_receipt(receipt(payer_name=name), None) == print_receipt(receipt(payer_name=name), None)


@pytest.mark.usefixtures("without_fonts")
def test_without_the_fonts_plain_names_are_printed_and_others_are_refused_with_the_packages() -> None:
    assert b"STSong-Light" in print_receipt(receipt(payer_name="古丽米热·艾比布力"), None)
    for name in ("陈𫰠", "བསྟན་འཛིན", "گۈلمىرە", "㐂"):
        with pytest.raises(ReceiptFontMissing, match="apt-get install fonts-") as caught:
            print_receipt(receipt(payer_name=name), None)
        assert caught.value.details["packages"]
        assert caught.value.category == "unavailable"


def test_a_settlement_picture_has_its_font_embedded() -> None:
    day = {
        "business_day": "2025-06-02", "currency": "CNY", "paid_minor": 1000, "refunded_minor": 0,
        "net_minor": 1000,
        "paid_count": 1, "refund_count": 0, "units": [], "final": True,
    }
    assert b"BabelStoneHan" in plot([day], ".pdf")


def test_the_library_still_writes_five_digits_for_ideographs_beyond_the_first_plane() -> None:
    """reportlab 5.1.0. When this fails,
    shared_components/typesetting/fonts.py need not replace it any more."""
    source = Path(str(ttfonts.__file__)).read_text(encoding="utf-8")
    assert '"<%02X> <%04X>" % (i,v)' in source
