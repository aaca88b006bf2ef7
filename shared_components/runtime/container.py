"""nameko's container without what its workers compute for debug lines alone: a sixth of a lone call's service side."""
from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any

from nameko.containers import ServiceContainer

log = logging.getLogger(__name__)

HandleResult = Callable[[Any, Any, Any], tuple[Any, Any]]


class Container(ServiceContainer):  # type: ignore[misc]
    """Runs a worker as nameko 2.14.1 does, without its stack of call ids and its four timers.

    nameko makes both for each worker, also where debug lines are off: a UUID, five texts and four context managers.
    Source: docs/adr/089-what-a-lone-call-no-longer-pays.md
    """

    def _run_worker(self, worker_ctx: Any, handle_result: HandleResult | None) -> None:
        self._inject_dependencies(worker_ctx)
        self._worker_setup(worker_ctx)
        result: Any = None
        exc_info: Any = None
        method = getattr(worker_ctx.service, worker_ctx.entrypoint.method_name)
        try:
            result = method(*worker_ctx.args, **worker_ctx.kwargs)
        except Exception:
            log.exception("runtime.worker.failed", extra={
                "service": self.service_name, "method": worker_ctx.entrypoint.method_name})
            exc_info = sys.exc_info()
        if handle_result is not None:
            result, exc_info = handle_result(worker_ctx, result, exc_info)
        self._worker_result(worker_ctx, result, exc_info)
        # Breaks the cycle of traceback and frame, as nameko does: no garbage collection has to find it.
        del exc_info
        self._worker_teardown(worker_ctx)
