"""Files by stream: what a ticket allows reaches the store, encrypted; what it does not allow leaves nothing behind."""
from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.matter.materials.domain.errors import MaterialSizeDiffers, MaterialTicketInvalid
from shared_components.kernel.errors import OutcomeUnknown
from tests.unit.gateway.world import Edge, problem_of

TICKET = "k3Jr0m5w2Qz8Xc1Vb7Nn4Lp6Hs9Dg0Fa"
UPLOAD, DOWNLOAD = f"/materials/uploads/{TICKET}", f"/materials/downloads/{TICKET}"
KEY = bytes(range(32)).hex()
PDF = b"%PDF-1.7\n" + os.urandom(200_000)


def transfer(size: int = len(PDF)) -> dict[str, Any]:
    return {"material_id": "mat_1", "content_id": "mat_1", "media_types": ["application/pdf"], "size": size,
            "file_name": "租赁合同.pdf", "key": KEY}


def edge(folder: Path, **answers: Any) -> Edge:
    given = {"open_upload": transfer(), "finish_upload": {"state": "given"}, "take_download": transfer(), **answers}
    return Edge({f"matter.{name}": answer for name, answer in given.items()}, materials=folder)


def put(edge: Edge, content: bytes | AsyncIterator[bytes] = PDF, path: str = UPLOAD, **more: Any) -> Any:
    return edge.ask(path, key=None, method="PUT", content=content, **more)


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_stored_encrypted_confirmed_by_its_hash_and_given_back(tmp_path: Path) -> None:
    asked = edge(tmp_path)
    answer = put(asked)
    assert (answer.status_code, answer.json()) == (200, {"state": "given"})
    finished = asked.bus.asked[-1]
    assert finished.kwargs == {
        "ticket": TICKET, "size": len(PDF), "media_type": "application/pdf",
        "sha256": hashlib.sha256(PDF).hexdigest()}
    (file,) = stored(tmp_path)
    assert PDF[:50] not in file.read_bytes()
    given = asked.ask(DOWNLOAD, key=None, method="GET")
    assert (given.status_code, given.content) == (200, PDF)
    assert given.headers["content-disposition"] == 'attachment; filename="mat_1.pdf"'
    assert given.headers["cache-control"] == "private, no-store"


def test_a_document_of_the_department_is_given_by_its_own_ticket(tmp_path: Path) -> None:
    asked = edge(tmp_path, take_document=transfer())
    put(asked)
    given = asked.ask(f"/documents/downloads/{TICKET}", key=None, method="GET")
    assert (given.status_code, given.content) == (200, PDF)
    assert asked.bus.asked[-1].target == "matter.take_document"
    problem_of(asked.ask("/documents/downloads/short", key=None, method="GET"), 404, "gateway.path-unknown")


def test_a_file_of_a_job_goes_to_notification_as_text(tmp_path: Path) -> None:
    content, path = "收件地址,name\nzhang@example.cn,张三\n".encode("gb18030"), f"/jobs/uploads/{TICKET}"
    allowed = {"content_id": "job_1", "media_types": ["text/csv"], "size": len(content), "key": KEY}
    asked = Edge({
        "notification.open_job_upload": allowed, "notification.finish_job_upload": {"state": "checking"}},
        materials=tmp_path)
    for workbook in (b"PK\x03\x04" + b"x" * 20, PDF[:20], content.decode("gb18030").encode("utf-16")[: len(content)]):
        problem_of(put(asked, workbook, path), 415, "gateway.media-type-unsupported")
    assert stored(tmp_path) == []
    answer = put(asked, content, path)
    assert (answer.status_code, answer.json()) == (200, {"state": "checking"})
    assert asked.bus.asked[-1].kwargs == {
        "ticket": TICKET, "size": len(content), "media_type": "text/csv", "sha256": hashlib.sha256(content).hexdigest()}
    (file,) = stored(tmp_path)
    assert content[:20] not in file.read_bytes()


def test_a_file_of_another_type_than_its_name_says_is_refused(tmp_path: Path) -> None:
    asked = edge(tmp_path)
    for content in (b"<html>" + PDF[:1000], b"MZ", b""):
        refused = put(asked, content, headers={"Content-Type": "application/pdf"})
        assert "application/pdf" in problem_of(refused, 415, "gateway.media-type-unsupported")["detail"]
    assert stored(tmp_path) == []


def test_a_file_larger_than_was_said_is_refused(tmp_path: Path) -> None:
    asked = edge(tmp_path, open_upload=transfer(1000))
    problem_of(put(asked), 413, "gateway.body-too-large")
    assert stored(tmp_path) == []


def test_what_matter_does_not_take_is_not_kept(tmp_path: Path) -> None:
    asked = edge(tmp_path, finish_upload=MaterialSizeDiffers())
    problem_of(put(asked), 400, "matter.material-size-differs")
    assert stored(tmp_path) == []
    asked = edge(tmp_path, finish_upload=OutcomeUnknown())
    assert put(asked).status_code >= 500
    assert len(stored(tmp_path)) == 1, "matter may have taken it: the purge finds out"


def test_a_second_upload_by_one_ticket_neither_replaces_nor_removes_the_first(tmp_path: Path) -> None:
    asked = edge(tmp_path)
    put(asked)
    other = b"%PDF-1.7\n" + os.urandom(len(PDF) - 9)
    problem_of(put(asked, other), 409, "material.exists")
    assert asked.ask(DOWNLOAD, key=None, method="GET").content == PDF


def test_an_upload_that_does_not_come_in_time_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.gateway.adapters.materials.UPLOAD_TIMEOUT_S", 0.05)

    async def slow() -> AsyncIterator[bytes]:
        yield PDF[:1000]
        await asyncio.sleep(0.2)
        yield PDF[1000:]

    problem_of(put(edge(tmp_path), slow()), 408, "gateway.body-too-slow")
    assert stored(tmp_path) == []


def test_a_ticket_that_matter_does_not_know_opens_nothing(tmp_path: Path) -> None:
    asked = edge(tmp_path, open_upload=MaterialTicketInvalid(), take_download=MaterialTicketInvalid())
    problem_of(put(asked), 404, "matter.material-ticket-invalid")
    problem_of(asked.ask(DOWNLOAD, key=None, method="GET"), 404, "matter.material-ticket-invalid")
    asked.bus.asked.clear()
    problem_of(put(asked, path="/materials/uploads/..%2f..%2fetc"), 404, "gateway.path-unknown")
    problem_of(put(asked, path="/materials/uploads/short"), 404, "gateway.path-unknown")
    assert asked.bus.asked == []


@pytest.mark.parametrize("change", [lambda kept: kept[:-1], lambda kept: kept[:40] + b"x" + kept[41:]])
def test_a_content_that_was_changed_in_the_store_is_not_given(tmp_path: Path, change: Any) -> None:
    asked = edge(tmp_path, open_upload=transfer(20), take_download=transfer(20))
    put(asked, b"%PDF-1.7\nshort text.")
    (file,) = stored(tmp_path)
    file.write_bytes(change(file.read_bytes()))
    assert asked.ask(DOWNLOAD, key=None, method="GET").status_code >= 400
    file.unlink()
    assert asked.ask(DOWNLOAD, key=None, method="GET").status_code == 404


@pytest.mark.parametrize(("path", "method", "allowed"), [(UPLOAD, "POST", "PUT"), (DOWNLOAD, "HEAD", "GET")])
def test_each_address_has_one_method(tmp_path: Path, path: str, method: str, allowed: str) -> None:
    answer = edge(tmp_path).ask(path, key=None, method=method)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
