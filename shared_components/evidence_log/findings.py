"""The faults that a verifier can find in an evidence log."""
from __future__ import annotations

from dataclasses import dataclass

from shared_components.kernel.bilingual import Bilingual

# kind → what is wrong, in English and Chinese; {segment}, {record}, {facts} are filled in.
TEXTS = {
    "record-edited": ("record {record} in segment {segment} was edited: {facts}",
                      "封存段 {segment} 中的记录 {record} 被修改：{facts}"),
    "record-deleted": ("record {record} in segment {segment} was deleted", "封存段 {segment} 中的记录 {record} 被删除"),
    "record-moved": ("record {record} in segment {segment} stands in another's place",
                     "封存段 {segment} 中的记录 {record} 被换到其他位置"),
    "records-reordered": ("the records of segment {segment} were reordered", "封存段 {segment} 的记录顺序被改动"),
    "leaf-edited": ("the hashes of segment {segment} do not give its root: {facts}",
                    "封存段 {segment} 的哈希与其根不符：{facts}"),
    "leaf-deleted": ("place {facts} of segment {segment} was deleted", "封存段 {segment} 的第 {facts} 项被删除"),
    "leaf-added": ("record {record} lies at place {facts}, which no segment covers",
                   "记录 {record} 位于第 {facts} 项，不属于任何封存段"),
    "segment-deleted": ("segment {segment} was deleted", "封存段 {segment} 被删除"),
    "segment-edited": ("segment {segment} was edited: {facts}", "封存段 {segment} 被修改：{facts}"),
    "signature-wrong": ("segment {segment} has a wrong signature by key '{facts}'",
                        "封存段 {segment} 的签名不正确（密钥 {facts}）"),
    "key-unknown": ("segment {segment} is signed by key '{facts}', which is not known",
                    "封存段 {segment} 由未知密钥 {facts} 签署"),
    "tail-cut": ("the log ends at segment {segment}; {facts}", "日志止于封存段 {segment}；{facts}"),
    "history-rewritten": ("segment {segment} has another head than the witness keeps: {facts}",
                          "封存段 {segment} 的链头与见证方留存的不一致：{facts}"),
    "witness-forged": ("the witness's head of segment {segment} is not signed by this service: {facts}",
                       "见证方留存的封存段 {segment} 链头并非本服务签署：{facts}"),
    "state-edited": ("the sealer's state was edited: {facts}", "封存任务的状态被修改：{facts}"),
    "edited-before-seal": ("record {record} was edited before it was sealed", "记录 {record} 在封存前被修改"),
    "deleted-before-seal": ("record {record} was deleted before it was sealed", "记录 {record} 在封存前被删除"),
    "mark-deleted": ("record {record} waits for no seal, because its mark was deleted",
                     "记录 {record} 的待封存标记被删除，将不会被封存"),
    "seal-late": ("record {record} has waited {facts} s for its seal; at most 10 are allowed",
                  "记录 {record} 等待封存已 {facts} 秒，超过允许的 10 秒"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. segment: number of the segment; record: id of the record; both None where they are not known."""

    kind: str
    segment: int | None = None
    record: str | None = None
    facts: str = ""

    @property
    def text(self) -> Bilingual:
        parts = {"segment": self.segment, "record": self.record, "facts": self.facts}
        en, zh = (form.format(**parts) for form in TEXTS[self.kind])
        return Bilingual(en, zh)
