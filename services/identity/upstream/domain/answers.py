"""The query with which a provider sends the browser back (RFC 6749, RFC 9207)."""
from __future__ import annotations

from urllib.parse import parse_qsl

from services.identity.upstream.domain.errors import UpstreamRefused
from services.identity.upstream.domain.provider import Answer
from shared_components.kernel.bilingual import Bilingual

LONGEST = 4096
MOST_PARAMETERS = 20


def answer_of(query: str) -> Answer:
    """Raises UpstreamRefused for a query that no provider writes. Unknown parameters are ignored, repeated refused."""
    if len(query) > LONGEST:
        raise _invalid(f"query has {len(query)} characters; at most {LONGEST} are allowed",
                       f"查询串为 {len(query)} 个字符；最多允许 {LONGEST} 个")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise _invalid("query is not that of a form; name=value pairs are allowed",
                       "查询串格式不正确；只允许“名称=值”") from None
    said = dict(pairs)
    if len(said) != len(pairs):
        raise _invalid("a parameter is repeated; each is allowed once", "参数重复；每个参数只允许出现一次")
    if not said.get("state"):
        raise _invalid("state is missing; it is needed", "缺少参数 state")
    if bool(said.get("code")) == bool(said.get("error")):
        raise _invalid("one of code and error is needed", "code 与 error 须有且只有一项")
    return Answer(said["state"], said.get("code") or None, said.get("iss"), said.get("error") or None)


def _invalid(en: str, zh: str) -> UpstreamRefused:
    return UpstreamRefused(Bilingual(en, zh), details={"reason": "answer-invalid"})
