"""Reads forms: url-encoded, small, each field once, known fields only."""
from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qsl

from starlette.requests import Request

from services.gateway.adapters.bodies import read_body
from services.gateway.adapters.exchange import exchange_of
from services.gateway.domain.errors import BodyMalformed, FormInvalid, MediaTypeUnsupported
from shared_components.kernel.bilingual import Bilingual

FORM = "application/x-www-form-urlencoded"
MAX_BYTES, MOST_FIELDS, LONGEST_NAME_SHOWN = 32 * 1024, 40, 40
"""A passkey's answer has a few kilobytes."""


async def read_form(request: Request, known: Collection[str], *, timeout_s: float) -> dict[str, str]:
    """Field → value. Raises MediaTypeUnsupported, BodyTooLarge, BodyTooSlow, BodyMalformed, FormInvalid."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != FORM:
        raise MediaTypeUnsupported(Bilingual(
            f"the form is of another type; {FORM} is allowed", f"表单类型不正确；只允许 {FORM}"))
    body = await read_body(exchange_of(request), limit=MAX_BYTES, timeout_s=timeout_s)
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), errors="strict",
            max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BodyMalformed(Bilingual(
            f"the form cannot be read; url-encoded UTF-8 with at most {MOST_FIELDS} fields is allowed",
            f"表单无法读取；须为 URL 编码的 UTF-8，且不超过 {MOST_FIELDS} 个字段")) from None
    form: dict[str, str] = {}
    for name, value in pairs:
        if name not in known or name in form:
            raise _invalid(name, known, again=name in form)
        form[name] = value
    return form


def _invalid(name: str, known: Collection[str], *, again: bool) -> FormInvalid:
    shown = name[:LONGEST_NAME_SHOWN]
    if again:
        return FormInvalid(Bilingual(
            f"field '{shown}' came more than once; once is allowed", f"字段“{shown}”重复；只允许出现一次"))
    return FormInvalid(Bilingual(
        f"field '{shown}' is not known here; allowed are {', '.join(sorted(known))}",
        f"没有字段“{shown}”；允许的字段：{'、'.join(sorted(known))}"))
