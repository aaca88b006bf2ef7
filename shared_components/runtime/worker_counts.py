"""How many processes of a service may be asked for, by `zhongtai run --workers` and by `zhongtai scale`."""
from __future__ import annotations

from collections.abc import Collection

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.callers import GATEWAY
from shared_components.runtime.errors import WrongUse

MOST = 256


def whole_number(text: str) -> int | None:
    """A count from 1 to MOST, or None."""
    good = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST)) and 1 <= int(text) <= MOST
    return int(text) if good else None


def check_count(count: int, service: str, running: Collection[str], *, one_host: bool = True) -> None:
    """Raises WrongUse. running: the services of which there may be processes. one_host: they share its ports."""
    if service not in running:
        raise WrongUse(Bilingual(
            f"service is '{service}'; the services that run are: {', '.join(running)}",
            f"服务为“{service}”；正在运行的服务：{'、'.join(running)}"))
    if not 1 <= count <= MOST:
        raise WrongUse(Bilingual(
            f"'{service}' is to have {count} processes; 1 to {MOST} are allowed",
            f"“{service}”的进程数为 {count}；允许 1 至 {MOST}"))
    if one_host and service == GATEWAY and count != 1:
        raise WrongUse(Bilingual(
            f"'{GATEWAY}' is to have {count} processes; one is allowed on one host, since it listens on one port",
            f"“{GATEWAY}”的进程数为 {count}；它监听一个端口，同一主机只允许一个"))
