"""Requests, replies and events of service `elicence`. Written by `zhongtai clients python`; do not edit."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict


class GetRequest(TypedDict):
    identifier: NotRequired[str]
    """The licence identifier by GB/T 36904: root, type, issuer, serial, version and check character, with dots. 电子证照标识（GB/T 36904），由根、类型、颁发机构、流水号、版本号和校验位组成，以点分隔。"""
    licence_id: NotRequired[str]
    """The licence's id in this platform, such as lic_…; each version of a licence has its own. 证照在本平台的编号（lic_ 开头），每个版本各有一个。"""


class ListByHolderRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    holder_subject: str
    """The holder's id in identity, such as sub_…. 持证主体在身份服务中的编号（sub_ 开头）。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    state: NotRequired[Literal["issued", "suspended", "expired", "superseded", "revoked", "cancelled", "withdrawn", "transferred", None]]
    """issued, suspended, expired, superseded (by a newer version), revoked 撤销, cancelled 注销, withdrawn 吊销 or transferred 转出. 状态：issued 有效，suspended 暂停使用，expired 过期，superseded 已换新，revoked 撤销，cancelled 注销，withdrawn 吊销，transferred 转出。"""
    type_code: NotRequired[str | None]
    """The licence type: the 18-character code of the body that defines it, and 3 characters (GB/T 36902). 证照类型代码，21 位：定义机构统一社会信用代码 18 位加顺序码 3 位。"""


class ListTypesRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    type_code: NotRequired[str | None]
    """Only this type. 只查询该证照类型。"""


class PresentRequest(TypedDict):
    fields: NotRequired[Sequence[str]]
    """The names of content fields to show, or holder_name to show that unmasked; when left out, the type's public fields. At most 100. 要出示的证面字段名，可含 holder_name（不脱敏出示姓名）；不传则出示公开字段。最多 100 项。"""
    holder_subject: str
    """The holder's id in identity, such as sub_…. 持证主体在身份服务中的编号（sub_ 开头）。"""
    licence_id: str
    """The licence's id in this platform, such as lic_…; each version of a licence has its own. 证照在本平台的编号（lic_ 开头），每个版本各有一个。"""
    purpose: str
    """What the licence is shown for, up to 200 characters, such as 酒店入住登记. 出示用途，200 字以内，如“酒店入住登记”。"""
    verifier: NotRequired[str | None]
    """The only app that may verify the code, such as app-hotel; null for any. 指定可核验的应用，如 app-hotel；不限定为 null。"""


class VerifyRequest(TypedDict):
    code: NotRequired[str]
    """The code that the holder shows, for one use within a short time, up to 64 characters. 持证人出示的一次性核验码，短时有效，最长 64 位。"""
    identifier: NotRequired[str]
    """The licence identifier by GB/T 36904: root, type, issuer, serial, version and check character, with dots. 电子证照标识（GB/T 36904），由根、类型、颁发机构、流水号、版本号和校验位组成，以点分隔。"""
    purpose: NotRequired[str | None]
    """What the verifier takes the code for, up to 200 characters; refused when the holder meant another purpose. 核验用途，200 字以内；与持证人出示时填写的用途不一致则不通过。"""


class GetReply(TypedDict):
    content: NotRequired[dict[str, Any]]
    """The fields on the licence by name, as its type declares them, at most 100. 证面字段，名称须为证照类型所定义的字段，最多 100 项。"""
    holder_id_number: NotRequired[str]
    """The number of the holder's document, by its type: GB 11643 or GB 32100. 持证主体代码，即身份证号码（GB 11643）或统一社会信用代码（GB 32100）。"""
    holder_id_type: NotRequired[str]
    """The type code of the holder's document: 111 resident identity card, 001 unified social credit code. 持证主体代码类型：111 居民身份证，001 统一社会信用代码。"""
    holder_name: NotRequired[str]
    """The holder's name, up to 200 characters, as on the licence; masked for a verifier unless the holder shows it. 持证主体名称，200 字以内，与证面一致；核验时默认脱敏，持证人同意出示的除外。"""
    holder_subject: NotRequired[str]
    """The holder's id in identity, such as sub_…. 持证主体在身份服务中的编号（sub_ 开头）。"""
    identifier: NotRequired[str]
    """The licence identifier by GB/T 36904: root, type, issuer, serial, version and check character, with dots. 电子证照标识（GB/T 36904），由根、类型、颁发机构、流水号、版本号和校验位组成，以点分隔。"""
    issued_at: NotRequired[str]
    """When the licence was issued, UTC. 签发时间（UTC）。"""
    issuer_code: NotRequired[str]
    """The unified social credit code of the issuing body, 18 characters (GB 32100). 颁发机构统一社会信用代码，18 位（GB 32100）。"""
    issuer_name: NotRequired[str]
    """The name of the issuing body, up to 200 characters. 颁发机构名称，200 字以内。"""
    licence_id: NotRequired[str]
    """The licence's id in this platform, such as lic_…; each version of a licence has its own. 证照在本平台的编号（lic_ 开头），每个版本各有一个。"""
    prior_identifier: NotRequired[str | None]
    """The identifier of the version that this one replaces; null for a first licence. Renewal, change and transfer-in need it. 被替代的上一版证照标识，首次签发为 null；换证、变更、转入须填。"""
    scope: NotRequired[str]
    """Of what the holder may have several of this type, such as a shop's address; empty when one is all. A holder has one valid licence a type and scope. Up to 128 characters. 同类证照可持多张时的区分依据，如经营场所地址；只能持一张的为空。同一持证人、同一类型、同一 scope 只有一张有效。128 字以内。"""
    state: NotRequired[Literal["issued", "suspended", "expired", "superseded", "revoked", "cancelled", "withdrawn", "transferred"]]
    """issued, suspended, expired, superseded (by a newer version), revoked 撤销, cancelled 注销, withdrawn 吊销 or transferred 转出. 状态：issued 有效，suspended 暂停使用，expired 过期，superseded 已换新，revoked 撤销，cancelled 注销，withdrawn 吊销，transferred 转出。"""
    state_changed_at: NotRequired[str]
    """When the state changed last, UTC. 最近一次状态变更时间（UTC）。"""
    state_label: NotRequired[str]
    """The state's name in the caller's language, to be shown. 状态名称，供页面显示，语言与调用方一致。"""
    state_reason: NotRequired[str]
    """Why the state changed last; empty after issuing. 最近一次状态变更的原因；刚签发时为空。"""
    trust_grade: NotRequired[str]
    """How far the licence can be trusted: A issued here, B checked against the original at a counter, C uploaded by the user, D made by the holder. 可信等级：A 本机构签发，B 窗口核对原件，C 用户上传，D 用户自制。"""
    type_code: NotRequired[str]
    """The licence type: the 18-character code of the body that defines it, and 3 characters (GB/T 36902). 证照类型代码，21 位：定义机构统一社会信用代码 18 位加顺序码 3 位。"""
    type_name: NotRequired[str]
    """The type's name when the licence was issued, such as 机动车驾驶证. 签发时的证照类型名称，如“机动车驾驶证”。"""
    valid_from: NotRequired[str]
    """The first day of validity, YYYY-MM-DD, in China's time. 有效期起始日（含当日），YYYY-MM-DD，北京时间。"""
    valid_until: NotRequired[str | None]
    """The last day of validity, YYYY-MM-DD; null is 长期. 有效期截止日（含当日），YYYY-MM-DD；长期有效为 null。"""
    version: NotRequired[int]
    """The version of the licence, 1 and up; a renewal has the next one. 证照版本号，从 1 起，每次换发加 1。"""


class ListByHolderReply(TypedDict):
    items: NotRequired[list[GetReply]]
    """The licences on this page, newest first. 本页证照，最新的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListTypesReplyItemsFields(TypedDict):
    data_class: NotRequired[Literal["public", "personal", "sensitive"]]
    """public (shown to every verifier), personal or sensitive (shown only as the holder chooses). 数据分级：public 可公开，personal 个人信息，sensitive 敏感信息；后两类仅在持证人选择时出示。"""
    name: str
    """The field's name in content: a small letter, then small letters, digits and _, up to 64. 字段名：小写字母开头，由小写字母、数字、下划线组成，最长 64 位。"""
    required: NotRequired[bool]
    """Whether every licence of the type must have the field. 该字段是否必填。"""
    title: NotRequired[str]
    """The field's name on the licence's face, up to 100 characters. 字段在证面上的名称，100 字以内。"""


class ListTypesReplyItems(TypedDict):
    fields: NotRequired[list[ListTypesReplyItemsFields]]
    """The fields that a licence of this type has, at most 100. 该类证照的证面字段定义，最多 100 项。"""
    issuer_code: str
    """The unified social credit code of the issuing body, 18 characters (GB 32100). 颁发机构统一社会信用代码，18 位（GB 32100）。"""
    issuer_name: str
    """The name of the issuing body, up to 200 characters. 颁发机构名称，200 字以内。"""
    name: str
    """The type's name in Chinese, up to 200 characters, such as 机动车驾驶证. 证照类型名称，200 字以内，如“机动车驾驶证”。"""
    type_code: str
    """The licence type: the 18-character code of the body that defines it, and 3 characters (GB/T 36902). 证照类型代码，21 位：定义机构统一社会信用代码 18 位加顺序码 3 位。"""
    validity_years: NotRequired[list[int | None]]
    """Years of validity by licence version, the last for all later ones; null is 长期. [6, 10, null] is 6, then 10, then 长期. 1 to 200 years, at most 20 entries. 各版本的有效年限，末项适用于以后各版，null 表示长期；如 [6, 10, null] 为首次 6 年、二次 10 年、以后长期。每项 1–200，最多 20 项。"""
    version: NotRequired[int]
    """The version of the type's definition, 1 and up; a licence keeps the one it was issued by. 类型定义的版本号，从 1 起；已签发证照沿用签发时的版本。"""


class ListTypesReply(TypedDict):
    items: NotRequired[list[ListTypesReplyItems]]
    """The licence types on this page, by code. 本页证照类型，按代码排序。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class PresentReply(TypedDict):
    code: NotRequired[str]
    """The code that the holder shows, for one use within a short time, up to 64 characters. 持证人出示的一次性核验码，短时有效，最长 64 位。"""
    expires_at: NotRequired[str]
    """When the code stops working, UTC. 核验码失效时间（UTC）。"""
    fields: NotRequired[list[str]]
    """The names of the fields that the code shows. 该码可出示的字段名。"""


class VerifyReplyChecks(TypedDict):
    check: NotRequired[str]
    """What was looked at, such as code, state or validity. 检查项目，如核验码、状态、有效期。"""
    ok: NotRequired[bool]
    """Whether this check is well. 该项是否通过。"""
    reason: NotRequired[str]
    """A constant that says what is not well, such as not-begun or ended; empty when it is well. 不通过的原因代码，如 not-begun 未到生效日、ended 已过期；通过时为空。"""


class VerifyReplyLicence(TypedDict):
    content: NotRequired[dict[str, Any]]
    """The fields that this verifier may see, by name. 核验方可见的证面字段。"""
    holder_id_number: NotRequired[str]
    """The number of the holder's document, by its type: GB 11643 or GB 32100. 持证主体代码，即身份证号码（GB 11643）或统一社会信用代码（GB 32100）。"""
    holder_name: NotRequired[str]
    """The holder's name, up to 200 characters, as on the licence; masked for a verifier unless the holder shows it. 持证主体名称，200 字以内，与证面一致；核验时默认脱敏，持证人同意出示的除外。"""
    identifier: NotRequired[str]
    """The licence identifier by GB/T 36904: root, type, issuer, serial, version and check character, with dots. 电子证照标识（GB/T 36904），由根、类型、颁发机构、流水号、版本号和校验位组成，以点分隔。"""
    issued_at: NotRequired[str]
    """When the licence was issued, UTC. 签发时间（UTC）。"""
    issuer_code: NotRequired[str]
    """The unified social credit code of the issuing body, 18 characters (GB 32100). 颁发机构统一社会信用代码，18 位（GB 32100）。"""
    issuer_name: NotRequired[str]
    """The name of the issuing body, up to 200 characters. 颁发机构名称，200 字以内。"""
    trust_grade: NotRequired[str]
    """How far the licence can be trusted: A issued here, B checked against the original at a counter, C uploaded by the user, D made by the holder. 可信等级：A 本机构签发，B 窗口核对原件，C 用户上传，D 用户自制。"""
    type_code: NotRequired[str]
    """The licence type: the 18-character code of the body that defines it, and 3 characters (GB/T 36902). 证照类型代码，21 位：定义机构统一社会信用代码 18 位加顺序码 3 位。"""
    type_name: NotRequired[str]
    """The type's name when the licence was issued, such as 机动车驾驶证. 签发时的证照类型名称，如“机动车驾驶证”。"""
    valid_from: NotRequired[str]
    """The first day of validity, YYYY-MM-DD, in China's time. 有效期起始日（含当日），YYYY-MM-DD，北京时间。"""
    valid_until: NotRequired[str | None]
    """The last day of validity, YYYY-MM-DD; null is 长期. 有效期截止日（含当日），YYYY-MM-DD；长期有效为 null。"""
    version: NotRequired[int]
    """The version of the licence, 1 and up; a renewal has the next one. 证照版本号，从 1 起，每次换发加 1。"""


class VerifyReply(TypedDict):
    as_of: NotRequired[str]
    """For which moment this is the answer, UTC. 核验结论对应的时间（UTC）。"""
    checks: NotRequired[list[VerifyReplyChecks]]
    """What was looked at, each with its result. 逐项检查结果。"""
    licence: NotRequired[VerifyReplyLicence]
    """What the verifier may see of the licence; empty when nothing was found or the code does not count. 核验方可见的证照信息；未查到或核验码无效时为空。"""
    purpose: NotRequired[str | None]
    """The purpose that the holder gave; null when verified by identifier. 持证人出示时填写的用途；按证照标识核验时为 null。"""
    state: NotRequired[Literal["issued", "suspended", "expired", "superseded", "revoked", "cancelled", "withdrawn", "transferred", "unknown"]]
    """The licence's state as in get, or unknown when there is none. 证照状态，取值同 get；查不到证照时为 unknown。"""
    state_label: NotRequired[str]
    """The state's name in the caller's language, to be shown. 状态名称，供页面显示，语言与调用方一致。"""
    valid: NotRequired[bool]
    """Whether the licence holds: every check is ok. 证照是否有效，即各项检查全部通过。"""


class EvidenceSealedData(TypedDict):
    head: str
    """Merkle root over all segments so far, 64 hex digits. 截至本段的全部封存段的默克尔根，64 位十六进制。"""
    key_id: str
    """The key that signed the head. 签署链头的密钥编号。"""
    number: int
    """Number of the segment in this log, from 1. 该日志中封存段的序号，从 1 开始。"""
    owner: str
    """The department whose log was continued. 日志所属部门。"""
    signature: str
    """Ed25519 signature of the head, in base64. 链头的 Ed25519 签名，base64 编码。"""
    statement: str
    """The segment's statement as it is hashed: JSON with service, owner, number, first, count, root, previous, sealed_at and key_id. 封存段声明原文（按此计算哈希）：JSON，含 service、owner、number、first、count、root、previous、sealed_at 和 key_id。"""


class LicenceIssuedData(TypedDict):
    holder_subject: str
    """The holder's id in identity, such as sub_…. 持证主体在身份服务中的编号（sub_ 开头）。"""
    identifier: str
    """The licence identifier by GB/T 36904: root, type, issuer, serial, version and check character, with dots. 电子证照标识（GB/T 36904），由根、类型、颁发机构、流水号、版本号和校验位组成，以点分隔。"""
    issued_at: str
    """When the licence was issued, UTC. 签发时间（UTC）。"""
    licence_id: str
    """The licence's id in this platform, such as lic_…; each version of a licence has its own. 证照在本平台的编号（lic_ 开头），每个版本各有一个。"""
    prior_identifier: NotRequired[str | None]
    """The identifier of the version that this one replaces; null for a first licence. Renewal, change and transfer-in need it. 被替代的上一版证照标识，首次签发为 null；换证、变更、转入须填。"""
    type_code: str
    """The licence type: the 18-character code of the body that defines it, and 3 characters (GB/T 36902). 证照类型代码，21 位：定义机构统一社会信用代码 18 位加顺序码 3 位。"""
    type_name: str
    """The type's name when the licence was issued, such as 机动车驾驶证. 签发时的证照类型名称，如“机动车驾驶证”。"""
    valid_from: str
    """The first day of validity, YYYY-MM-DD, in China's time. 有效期起始日（含当日），YYYY-MM-DD，北京时间。"""
    valid_until: NotRequired[str | None]
    """The last day of validity, YYYY-MM-DD; null is 长期. 有效期截止日（含当日），YYYY-MM-DD；长期有效为 null。"""
    version: int
    """The version of the licence, 1 and up; a renewal has the next one. 证照版本号，从 1 起，每次换发加 1。"""


class LicenceStateChangedData(TypedDict):
    at: str
    """When the state changed, UTC. 状态变更时间（UTC）。"""
    from_state: str
    """The state before the change, as in get. 变更前的状态，取值同 get。"""
    holder_subject: str
    """The holder's id in identity, such as sub_…. 持证主体在身份服务中的编号（sub_ 开头）。"""
    identifier: str
    """The licence identifier by GB/T 36904: root, type, issuer, serial, version and check character, with dots. 电子证照标识（GB/T 36904），由根、类型、颁发机构、流水号、版本号和校验位组成，以点分隔。"""
    licence_id: str
    """The licence's id in this platform, such as lic_…; each version of a licence has its own. 证照在本平台的编号（lic_ 开头），每个版本各有一个。"""
    reason: NotRequired[str]
    """Why the state changed, as given with the change. 状态变更原因。"""
    to_state: str
    """The state after the change, as in get. 变更后的状态，取值同 get。"""
    type_code: str
    """The licence type: the 18-character code of the body that defines it, and 3 characters (GB/T 36902). 证照类型代码，21 位：定义机构统一社会信用代码 18 位加顺序码 3 位。"""
    type_name: str
    """The type's name when the licence was issued, such as 机动车驾驶证. 签发时的证照类型名称，如“机动车驾驶证”。"""


class LicenceSupersededData(TypedDict):
    at: str
    """When the state changed, UTC. 状态变更时间（UTC）。"""
    from_state: str
    """The state before the change, as in get. 变更前的状态，取值同 get。"""
    holder_subject: str
    """The holder's id in identity, such as sub_…. 持证主体在身份服务中的编号（sub_ 开头）。"""
    identifier: str
    """The licence identifier by GB/T 36904: root, type, issuer, serial, version and check character, with dots. 电子证照标识（GB/T 36904），由根、类型、颁发机构、流水号、版本号和校验位组成，以点分隔。"""
    licence_id: str
    """The licence's id in this platform, such as lic_…; each version of a licence has its own. 证照在本平台的编号（lic_ 开头），每个版本各有一个。"""
    to_state: str
    """The state after the change, as in get. 变更后的状态，取值同 get。"""
    type_code: str
    """The licence type: the 18-character code of the body that defines it, and 3 characters (GB/T 36902). 证照类型代码，21 位：定义机构统一社会信用代码 18 位加顺序码 3 位。"""
    type_name: str
    """The type's name when the licence was issued, such as 机动车驾驶证. 签发时的证照类型名称，如“机动车驾驶证”。"""
