"""The event that carries a sealed segment to those who keep heads: `sharing` and outside witnesses."""
from __future__ import annotations

from marshmallow import fields

from shared_components.contracts import EventContract, Message, text

SEALED = "evidence-sealed"


class EvidenceSealed(Message):
    owner = fields.String(required=True, metadata=text(
        "The department whose log was continued.", "日志所属部门。"))
    number = fields.Integer(required=True, metadata=text(
        "Number of the segment in this log, from 1.", "该日志中封存段的序号，从 1 开始。"))
    statement = fields.String(required=True, metadata=text(
        "The segment's statement as it is hashed: JSON with service, owner, number, first, count, root, previous, "
        "sealed_at and key_id.",
        "封存段声明原文（按此计算哈希）：JSON，"
        "含 service、owner、number、first、count、root、previous、sealed_at 和 key_id。"))
    head = fields.String(required=True, metadata=text(
        "Merkle root over all segments so far, 64 hex digits.", "截至本段的全部封存段的默克尔根，64 位十六进制。"))
    key_id = fields.String(required=True, metadata=text(
        "The key that signed the head.", "签署链头的密钥编号。"))
    signature = fields.String(required=True, metadata=text(
        "Ed25519 signature of the head, in base64.", "链头的 Ed25519 签名，base64 编码。"))


EVIDENCE_SEALED = EventContract(
    SEALED, EvidenceSealed, summary="Evidence records of one owner were sealed.",
    summary_zh="某部门的一批留痕记录已封存。")
