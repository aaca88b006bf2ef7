"""`python -m tests.benchmarks.cases.load FILE`: cases from start to licence, told by lines of JSON.

A line on the standard input asks for a step: {"step": "prepare" or "measure", "cases": 64, "in_flight": 16}.
"""
from __future__ import annotations

from shared_components.bus.green.patching import patch, settle_memory

patch()

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections import deque  # noqa: E402
from collections.abc import Mapping  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from eventlet import GreenPool  # noqa: E402

from shared_components.bus.client.blocking import BusClient  # noqa: E402
from shared_components.devstack.sandbox import seed_of_matter  # noqa: E402
from shared_components.security.request_signing import sign  # noqa: E402
from tests.benchmarks.cases.applicants import adults, registered, today  # noqa: E402
from tests.benchmarks.cases.http import Http  # noqa: E402
from tests.benchmarks.cases.progress import COMPLETED, READY, Progress  # noqa: E402
from tests.benchmarks.load.tally import Tally, say  # noqa: E402

LONE_LOOK_S, LOOK_S = 0.005, 0.03


class Cases:
    """spec: urls, tenant, sandbox, http_url, key, dsn."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self._spec = spec
        self._operator = BusClient(spec["urls"]["operator"], tenant=spec["tenant"])
        self._persons = deque(adults())
        self._subjects: deque[str] = deque()
        self._example = seed_of_matter()["example"]
        key = spec["sandbox"]["services"]["matter"]["callback_keys"][0]
        self._hospital = {"key_id": key["key_id"], "key": key["secret"].encode()}

    def prepare(self, cases: int) -> dict[str, Any]:
        """Register as many new applicants."""
        persons = [self._persons.popleft() for _ in range(cases)]
        self._subjects += registered(self._operator, persons)
        progress = Progress(self._spec["dsn"], LOOK_S)
        progress.drained()
        progress.close()
        settle_memory()
        return {"left": len(self._persons)}

    def measure(self, cases: int, in_flight: int) -> dict[str, Any]:
        """Carry all of them; then wait until no step is due and no letter waits. wait_ms: without the outside."""
        progress = Progress(self._spec["dsn"], LONE_LOOK_S if in_flight == 1 else LOOK_S)
        tally, waits, left = Tally(), list[float](), deque(self._subjects.popleft() for _ in range(cases))
        began, cpu = time.perf_counter(), time.process_time()

        def work(_: int) -> None:
            http = Http(self._spec["http_url"], self._spec["key"])
            while left:
                at, outside_s = time.perf_counter(), self._carry(http, progress, left.popleft())
                tally.latencies_s.append(time.perf_counter() - at)
                waits.append(tally.latencies_s[-1] - outside_s)

        list(GreenPool(in_flight).imap(work, range(in_flight)))
        seconds = time.perf_counter() - began
        progress.drained()
        progress.close()
        waits.sort()
        return tally.summary(seconds, time.process_time() - cpu, wait_ms=waits[len(waits) // 2] * 1000)

    def _carry(self, http: Http, progress: Progress, subject: str) -> float:
        """Give the seconds that hospital, payer and channel took."""
        example = self._example
        case_id = http.call("matter.start_case", f"start-{subject}", matter_code=example["matter_code"],
                            applicant_subject=subject, form=example["form"])["case_id"]
        http.call("matter.submit_case", f"submit-{subject}", case_id=case_id)
        progress.until(case_id, READY)
        steps = http.call("matter.get_case", f"look-{subject}", case_id=case_id)["steps"]
        page = next(step["result"]["pay_url"] for step in steps if step["step"] == "pay")
        at = time.perf_counter()
        self._answer(http, case_id)
        http.press(page, "confirm")
        outside_s = time.perf_counter() - at
        progress.until(case_id, COMPLETED)
        return outside_s

    def _answer(self, http: Http, case_id: str) -> None:
        answer = {**self._example["callback"], "case_id": case_id, "callback_id": f"exam-{case_id}"}
        answer["result"] = {**answer["result"], "examined_on": today().isoformat()}
        body = json.dumps(answer).encode()
        http.call_back(f"/callbacks/matter/{case_id}/medical", body, sign(body, at=datetime.now(UTC), **self._hospital))

    def close(self) -> None:
        self._operator.close()


def main(spec: Mapping[str, Any]) -> None:
    cases = Cases(spec)
    say({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        step = getattr(cases, asked.pop("step"))
        try:
            say(step(**asked))
        except Exception as error:  # the parent tells it in the row
            say({"failed": f"{type(error).__name__}: {error}"})
    cases.close()


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()))
