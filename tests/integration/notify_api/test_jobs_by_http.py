"""Jobs as an app has them: a file that goes by stream to the gateway, its report, and its messages."""
from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.integration.bus_harness import wait_until
from tests.integration.notify_api.served import ServedNotify

pytestmark = pytest.mark.integration
HEADER = "收件地址,name,licence,reference\r\n"
ROWS = "".join(f"job-{number}@example.cn,张三,驾驶证,by-job\r\n" for number in range(1, 4))


def job_of(served: ServedNotify, content: bytes, **given: Any) -> dict[str, Any]:
    """A job whose file was uploaded."""
    made = served.ask("notification/create-job", template_code="ready", channel="email", size=len(content), **given)
    answer = httpx.put(f"{served.address}{made['path']}", content=content, timeout=30)
    assert answer.status_code == 200, answer.text
    job: dict[str, Any] = answer.json()
    return job


def reached(served: ServedNotify, job_id: str, state: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def is_there() -> bool:
        found.update(served.ask("notification/get-job", job_id=job_id))
        return bool(found["job"]["state"] == state)

    wait_until(is_there, f"job in state {state}", seconds=30)
    return found


def test_everybody_in_a_file_is_sent_one_message(served: ServedNotify) -> None:
    job = job_of(served, (HEADER + ROWS).encode("gb18030"))
    done = reached(served, job["job_id"], "finished")
    assert (done["job"]["rows"], done["job"]["accepted"], done["job"]["problem_count"]) == (3, 3, 0)
    assert sum(one["count"] for one in done["messages"]) == 3
    sent = served.ask("notification/list", reference="by-job")["items"]
    assert [(one["address"], one["message_class"]) for one in sent] == [("j***@example.cn", "bulk")] * 3


def test_a_file_with_a_wrong_row_sends_nothing_and_says_where(served: ServedNotify) -> None:
    job = job_of(served, (HEADER + ROWS.replace("by-job", "refused") + "nobody,李四,=1+1,refused\r\n").encode())
    reached(served, job["job_id"], "refused")
    problems = served.ask("notification/list-job-problems", job_id=job["job_id"])["items"]
    assert [(one["row"], one["column"], one["code"]) for one in problems] == [(5, "licence", "value-formula")]
    assert served.ask("notification/list", reference="refused")["items"] == []


def test_a_path_is_good_once_and_takes_no_workbook(served: ServedNotify) -> None:
    content = (HEADER + ROWS).encode()
    made = served.ask("notification/create-job", template_code="ready", channel="email", size=len(content), hold=True)
    path = f"{served.address}{made['path']}"
    workbook = httpx.put(path, content=b"PK\x03\x04" + content[4:], timeout=30)
    assert (workbook.status_code, workbook.json()["code"]) == (415, "gateway.media-type-unsupported")
    assert httpx.put(path, content=content, timeout=30).status_code == 200
    again = httpx.put(path, content=content, timeout=30)
    assert (again.status_code, again.json()["code"]) == (404, "notification.job-ticket-invalid")
    reached(served, made["job"]["job_id"], "paused")
    cancelled = served.ask("notification/cancel-job", job_id=made["job"]["job_id"])
    assert cancelled["state"] == "cancelled"
