"""Receipts of carriers that sign nothing: a token of the callback's address says who reports."""
from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from typing import Any

from services.notification.carriers.domain.carrier import Callback, Receipt, ReceiptState
from services.notification.carriers.domain.errors import ReceiptMalformed, ReceiptNotAuthentic
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.plain_text import first_control_character

MOST = 1000
# Phone off, out of reach, memory full: another try may arrive.
TEMPORARY_CODES = ("MK:0001", "MI:0024", "MI:0029", "EXPIRED", "UNDELIV:OFF", "UNDELIV", "EXPIRE")


def receipts_of(
    carrier: str, wanted: str, given: str | None, body: str, receipt: Callable[[Mapping[str, Any]], Receipt],
) -> Callback:
    """The receipts of a callback. wanted, given: the token of the configuration, and that of the address.

    Raises ReceiptNotAuthentic, ReceiptMalformed.
    """
    if not hmac.compare_digest((given or "").encode(), wanted.encode()):
        raise ReceiptNotAuthentic(Bilingual(
            f"receipt of provider {carrier!r} has a wrong token or none; that of the configuration is allowed",
            f"服务商“{carrier}”的回执口令缺失或有误；须为配置中的口令"))
    try:
        return Callback([receipt(one) for one in objects_of(body)])
    except (KeyError, TypeError, ValueError, strict_json.JsonRefused):
        raise ReceiptMalformed(Bilingual(
            f"receipt of provider {carrier!r} is not understood; its documented form is allowed",
            f"服务商“{carrier}”的回执无法识别；须为其文档规定的格式")) from None


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
