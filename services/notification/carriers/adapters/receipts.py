"""Receipts of carriers that sign nothing: a token of the callback's address says who reports."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.notification.carriers.domain.carrier import ReceiptState
from services.notification.carriers.domain.errors import ReceiptMalformed, ReceiptNotAuthentic
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.plain_text import first_control_character

MOST = 1000
# Phone off, out of reach, memory full: another try may arrive.
TEMPORARY_CODES = ("MK:0001", "MI:0024", "MI:0029", "EXPIRED", "UNDELIV:OFF", "UNDELIV", "EXPIRE")


def refuse_stranger(carrier: str) -> ReceiptNotAuthentic:
    return ReceiptNotAuthentic(Bilingual(
        f"receipt of provider {carrier!r} has a wrong token or none; that of the configuration is allowed",
        f"服务商“{carrier}”的回执口令缺失或有误；须为配置中的口令"))


def not_understood_receipt(carrier: str) -> ReceiptMalformed:
    return ReceiptMalformed(Bilingual(
        f"receipt of provider {carrier!r} is not understood; its documented form is allowed",
        f"服务商“{carrier}”的回执无法识别；须为其文档规定的格式"))


def objects_of(body: str) -> list[Mapping[str, Any]]:
    """The JSON objects of a callback. Raises JsonRefused or ValueError."""
    if first_control_character(body) is not None:
        raise ValueError("control character")
    items = strict_json.read(body.encode())
    if not isinstance(items, list) or len(items) > MOST or not all(isinstance(one, dict) for one in items):
        raise ValueError("no list of objects")
    return items


def receipt_state(arrived: bool, code: str) -> ReceiptState:
    if arrived:
        return "delivered"
    return "temporary-failure" if code in TEMPORARY_CODES else "permanent-failure"
