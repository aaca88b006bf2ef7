"""Descriptions of fields that several messages have, in English and Chinese."""
from __future__ import annotations

from shared_components.contracts import text

LICENCE_ID = text(
    "The licence's id in this platform, such as lic_…; each version of a licence has its own.",
    "证照在本平台的编号（lic_ 开头），每个版本各有一个。")
IDENTIFIER = text(
    "The licence identifier by GB/T 36904: root, type, issuer, serial, version and check character, with dots.",
    "电子证照标识（GB/T 36904），由根、类型、颁发机构、流水号、版本号和校验位组成，以点分隔。")
PRIOR_IDENTIFIER = text(
    "The identifier of the version that this one replaces; null for a first licence. Renewal, change and "
    "transfer-in need it.",
    "被替代的上一版证照标识，首次签发为 null；换证、变更、转入须填。")
TYPE_CODE = text(
    "The licence type: the 18-character code of the body that defines it, and 3 characters (GB/T 36902).",
    "证照类型代码，21 位：定义机构统一社会信用代码 18 位加顺序码 3 位。")
TYPE_NAME = text(
    "The type's name when the licence was issued, such as 机动车驾驶证.",
    "签发时的证照类型名称，如“机动车驾驶证”。")
VERSION = text(
    "The version of the licence, 1 and up; a renewal has the next one.",
    "证照版本号，从 1 起，每次换发加 1。")
ISSUER_CODE = text(
    "The unified social credit code of the issuing body, 18 characters (GB 32100).",
    "颁发机构统一社会信用代码，18 位（GB 32100）。")
ISSUER_NAME = text(
    "The name of the issuing body, up to 200 characters.",
    "颁发机构名称，200 字以内。")
HOLDER_SUBJECT = text(
    "The holder's id in identity, such as sub_….",
    "持证主体在身份服务中的编号（sub_ 开头）。")
HOLDER_NAME = text(
    "The holder's name, up to 200 characters, as on the licence; masked for a verifier unless the holder shows it.",
    "持证主体名称，200 字以内，与证面一致；核验时默认脱敏，持证人同意出示的除外。")
HOLDER_ID_TYPE = text(
    "The type code of the holder's document: 111 resident identity card, 001 unified social credit code.",
    "持证主体代码类型：111 居民身份证，001 统一社会信用代码。")
HOLDER_ID_NUMBER = text(
    "The number of the holder's document, by its type: GB 11643 or GB 32100.",
    "持证主体代码，即身份证号码（GB 11643）或统一社会信用代码（GB 32100）。")
SCOPE = text(
    "Of what the holder may have several of this type, such as a shop's address; empty when one is all. A holder "
    "has one valid licence a type and scope. Up to 128 characters.",
    "同类证照可持多张时的区分依据，如经营场所地址；只能持一张的为空。同一持证人、同一类型、同一 scope "
    "只有一张有效。128 字以内。")
STATE = text(
    "issued, suspended, expired, superseded (by a newer version), revoked 撤销, cancelled 注销, withdrawn 吊销 or "
    "transferred 转出.",
    "状态：issued 有效，suspended 暂停使用，expired 过期，superseded 已换新，revoked 撤销，cancelled 注销，"
    "withdrawn 吊销，transferred 转出。")
STATE_LABEL = text(
    "The state's name in the caller's language, to be shown.",
    "状态名称，供页面显示，语言与调用方一致。")
ISSUED_AT = text(
    "When the licence was issued, UTC.",
    "签发时间（UTC）。")
VALID_FROM = text(
    "The first day of validity, YYYY-MM-DD, in China's time.",
    "有效期起始日（含当日），YYYY-MM-DD，北京时间。")
VALID_UNTIL = text(
    "The last day of validity, YYYY-MM-DD; null is 长期.",
    "有效期截止日（含当日），YYYY-MM-DD；长期有效为 null。")
TRUST_GRADE = text(
    "How far the licence can be trusted: A issued here, B checked against the original at a counter, C uploaded by "
    "the user, D made by the holder.",
    "可信等级：A 本机构签发，B 窗口核对原件，C 用户上传，D 用户自制。")
CONTENT = text(
    "The fields on the licence by name, as its type declares them, at most 100.",
    "证面字段，名称须为证照类型所定义的字段，最多 100 项。")
CODE = text(
    "The code that the holder shows, for one use within a short time, up to 64 characters.",
    "持证人出示的一次性核验码，短时有效，最长 64 位。")
