"""A contract's documents as data, checked: what the gateway makes an address of must be there."""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from shared_components.contracts.json_schema import ContractInvalid
from shared_components.contracts.registry import DocumentContract, MethodContract
from shared_components.kernel.bilingual import Bilingual

PATH = re.compile(r"[a-z][a-z0-9-]*/\{[a-z][a-z0-9_]*\}\.[a-z0-9]{1,8}")


def export_document(method: MethodContract, document: DocumentContract) -> dict[str, Any]:
    """JSON-safe data. Raises ContractInvalid."""
    for wrong in _mistakes(method, document):
        raise ContractInvalid(Bilingual(
            f"document of method '{method.name}' {wrong}",
            f"方法“{method.name}”的文档{wrong.zh}"))
    return {
        "path": document.path,
        "field": document.reply_field,
        "media_type": media_type(method, document),
        "asking": dict(document.asking),
        "named_by": list(document.named_by),
    }


def media_type(method: MethodContract, document: DocumentContract) -> str | None:
    """The media type that the field declares."""
    field = method.reply().fields.get(document.reply_field)
    kind: str | None = field.metadata.get("media_type") if field is not None else None
    return kind


def _mistakes(method: MethodContract, document: DocumentContract) -> Iterator[Bilingual]:
    if not PATH.fullmatch(document.path):
        yield Bilingual(
            f"has the path '{document.path}'; one such as 'receipts/{{receipt_id}}.pdf' is allowed",
            f"的路径为“{document.path}”；应形如“receipts/{{receipt_id}}.pdf”")
    if method.mutating:
        yield Bilingual(
            "is one of a method that changes something; GET changes nothing", "所属方法会更改数据；GET 不得更改数据")
    wanted, offered = method.request().fields, method.reply().fields
    for name in (document.place, *document.asking):
        if name not in wanted:
            yield Bilingual(
                f"asks with '{name}', which the request does not have; it has: {', '.join(wanted)}",
                f"以“{name}”提问，但请求中没有该字段；现有：{'、'.join(wanted)}")
    for name in (document.reply_field, *document.named_by):
        if name not in offered:
            yield Bilingual(
                f"needs '{name}', which the reply does not have; it has: {', '.join(offered)}",
                f"需要“{name}”，但返回中没有该字段；现有：{'、'.join(offered)}")
    if media_type(method, document) is None:
        yield Bilingual(
            f"is field '{document.reply_field}', whose metadata has no media_type",
            f"为字段“{document.reply_field}”，其元数据缺少 media_type")
