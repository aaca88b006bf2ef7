"""Sandbox authorities: small deterministic stand-ins for systems outside the platform, for demonstration and tests.

They answer yes, no and `not now`, each for fixed inputs, so that every path can be walked. Real ones implement the
same ports (domain/ports.py) over the authority's own interface.
"""
from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Conflict, InvalidInput, Unavailable

DEFAULT_UNPAID = {"320106196501010019": 2}
TRAFFIC_VIOLATIONS = "traffic-violations"
UNDELIVERABLE = "无法投递"


class AddressNotServed(Conflict):
    code = "matter.address-not-served"
    texts = {"en": "The courier does not deliver to this address.", "zh": "该地址无法投递。"}


class RegisterNotConnected(InvalidInput):
    code = "matter.register-not-connected"
    texts = {"en": "The register is not connected.", "zh": "该部门登记系统尚未接入。"}


class SandboxRegisters:
    """The traffic authority's record of offences (交通违法), for demonstration.

    unpaid: identity number → number of unsettled offences; everybody else has none.
    A number with -1 stands for an authority that does not answer.
    """

    def __init__(self, unpaid: Mapping[str, int] | None = None) -> None:
        self._unpaid = dict(DEFAULT_UNPAID if unpaid is None else unpaid)

    def names(self) -> Sequence[str]:
        return (TRAFFIC_VIOLATIONS,)

    def ask(self, source: str, question: Mapping[str, Any]) -> Mapping[str, Any]:
        if source != TRAFFIC_VIOLATIONS:
            raise RegisterNotConnected(Bilingual(
                f"register {source!r} is not connected; {TRAFFIC_VIOLATIONS} is",
                f"登记系统“{source}”尚未接入；已接入的有 {TRAFFIC_VIOLATIONS}"))
        count = self._unpaid.get(str(question.get("id_number")), 0)
        if count < 0:
            raise Unavailable(Bilingual(
                "the traffic authority does not answer now",
                "交管部门接口暂时没有答复"), details={"retry_after_s": 2})
        return {"unpaid": count}


class SandboxCouriers:
    """The waybill follows from the operation id, so that asking again is the same parcel."""

    def dispatch(self, op_id: str, *, recipient_name: str, address: str) -> Mapping[str, Any]:
        if UNDELIVERABLE in address:
            raise AddressNotServed(Bilingual(
                "the courier does not deliver to the address given; another one is needed",
                "快递不能送达该地址；请更换地址"))
        number = int(hashlib.sha256(op_id.encode()).hexdigest(), 16) % 10**9
        return {"waybill": f"EX{number:09d}CN"}
