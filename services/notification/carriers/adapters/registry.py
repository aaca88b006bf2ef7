"""The carriers that are built; what one needs is loaded when it is first used."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.notification.carriers.adapters.pool import Stoppable


def _sandbox(section: Mapping[str, Any]) -> Stoppable:
    from services.notification.carriers.adapters.sandbox.carrier import SandboxCarrier

    return SandboxCarrier(**section)


def _aliyun(section: Mapping[str, Any]) -> Stoppable:
    from services.notification.carriers.adapters.aliyun.carrier import AliyunCarrier

    return AliyunCarrier(**section)


def _tencent(section: Mapping[str, Any]) -> Stoppable:
    from services.notification.carriers.adapters.tencent.carrier import TencentCarrier

    return TencentCarrier(**section)


MAKERS: Mapping[str, Callable[[Mapping[str, Any]], Stoppable]] = {
    "sandbox": _sandbox, "aliyun": _aliyun, "tencent": _tencent,
}
