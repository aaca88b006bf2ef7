"""Documents: issued when the case comes to a stage, once, numbered without a gap, and given as one PDF for good."""
from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.matter.cases.domain.errors import CaseNotFound
from services.matter.cases.usecases.own_case import OneCase
from services.matter.definitions.domain.documents import KINDS, TEXTS
from services.matter.definitions.domain.errors import DefinitionInvalid
from services.matter.documents.adapters.contents import SealedContents
from services.matter.documents.adapters.pdf import print_document
from services.matter.documents.adapters.stamp import stamp_by
from services.matter.documents.domain.errors import (
    DocumentNotFound,
    DocumentNotNumbered,
    DocumentSealRefused,
    DocumentSealUnavailable,
)
from services.matter.documents.usecases.make_file import Making, take_document
from services.matter.documents.usecases.number_documents import number_documents
from services.matter.documents.usecases.read_documents import OneDocument, list_documents, request_document
from services.matter.documents.usecases.views import DocumentView
from services.matter.materials.domain.errors import MaterialTicketInvalid
from services.matter.materials.usecases.transfer import ByTicket
from services.matter.materials.usecases.views import TransferView
from services.matter.publishing.adapters.definition_reader import read_definition
from shared_components.devstack.binaries import document_fonts, pdftotext
from shared_components.devstack.sandbox import SEALS_KEY_ID, start_seal_service
from shared_components.kernel.calls import CallContext
from shared_components.material_store import FolderStore, opened
from shared_components.seals import HttpSealService, SealAddress, SealService
from tests.acting import citizen
from tests.cases.definitions import DEPARTMENT, a_definition, as_yaml
from tests.unit.matter.bench import APPLICANT, TENANT, Bench
from tests.unit.matter.desk import claim, decide, start_waiting
from tests.unit.matter.sql import SqlTransactions
from tests.unit.matter.test_procedure import acceptance, accepted, extend
from tests.unit.matter.test_supplement import answer, ask, seen
from tests.unit.matter.town import RULES

MARK = {"mark": "示许"}
OWN: dict[str, Any] = {"mark": "示许", "kinds": ["acceptance"], "texts": {"acceptance": {
    "title": {"zh": "同意受理书", "en": "Acceptance"},
    "text": {"zh": "办件 {case_id} 已受理。", "en": "Case {case_id} is accepted."}}}}


@pytest.fixture
def town(sql_transactions: SqlTransactions) -> Bench:
    return Bench(sql_transactions)


def own(method: str, subject: str = APPLICANT) -> CallContext:
    return CallContext("app-demo", TENANT, acting=citizen(subject), department=TENANT, rule=RULES[method])


def issued(bench: Bench, case_id: str) -> list[DocumentView]:
    number_documents(bench.sql)
    with bench.sql.begin(TENANT) as tx:
        return list(list_documents(tx, OneCase(case_id), own("list_documents")).items)


def kinds(bench: Bench, case_id: str) -> list[str]:
    return [one.kind for one in issued(bench, case_id)]


def granted(bench: Bench) -> str:
    case_id = start_waiting(bench, documents=MARK)
    claim(bench, case_id)
    acceptance(bench, case_id)
    decide(bench, case_id)
    return case_id


def supplemented(bench: Bench) -> str:
    case_id = start_waiting(bench, documents=MARK)
    claim(bench, case_id)
    ask(bench, case_id)
    answer(bench, case_id, address="湖滨路2号")
    return case_id


def declined(bench: Bench) -> str:
    case_id = start_waiting(bench, documents=MARK)
    claim(bench, case_id)
    acceptance(bench, case_id, "decline", reason="不属于本部门职权范围")
    return case_id


def extended(bench: Bench) -> str:
    case_id = start_waiting(bench, documents=MARK)
    claim(bench, case_id)
    acceptance(bench, case_id)
    extend(bench, case_id)
    return case_id


def refused(bench: Bench) -> str:
    case_id = start_waiting(bench, documents=MARK)
    claim(bench, case_id)
    decide(bench, case_id, decision="refuse", reason="不符合条件")
    return case_id


@pytest.mark.parametrize(("story", "expected", "words"), [
    (granted, ["receipt", "acceptance", "grant", "delivery"], "已于 2025年6月2日 送达"),
    (supplemented, ["receipt", "supplement", "acceptance"], "自 2025年6月2日 起予以受理。本机关将于 2025年6月30日 前"),
    (declined, ["receipt", "non-acceptance"], "理由：不属于本部门职权范围"),
    (extended, ["receipt", "acceptance", "extension"], "办理期限延长至 2025年7月14日。理由：案情复杂"),
    (refused, ["receipt", "acceptance", "refusal"], "理由：不符合条件"),
], ids=lambda value: getattr(value, "__name__", ""))
def test_each_stage_brings_its_document_once(
    town: Bench, story: Callable[[Bench], str], expected: list[str], words: str,
) -> None:
    case_id = story(town)
    found = issued(town, case_id)
    assert [one.kind for one in found] == expected
    assert words in found[-1].text_zh
    lines = [line.zh for line in seen(town, case_id).timeline if line.entry == "document-issued"]
    assert lines == [f"已出具《{one.title_zh}》" for one in found]


def test_a_refusal_tells_of_both_remedies_in_both_languages(town: Bench) -> None:
    refusal = issued(town, refused(town))[-1]
    assert "行政复议" in refusal.text_zh and "行政诉讼" in refusal.text_zh
    assert "administrative reconsideration" in refusal.text_en


def test_a_payment_brings_a_notice_with_its_pay_code(sql_transactions: SqlTransactions) -> None:
    from services.matter.publishing.adapters.shipped import shipped_definitions

    bench = Bench(sql_transactions, definition={**shipped_definitions()[0], "documents": MARK})
    case_id = bench.submit()
    bench.run()
    notice = next(one for one in issued(bench, case_id) if one.kind == "payment")
    assert notice.step == "pay"
    assert "应缴纳费用 10.00 CNY，缴款码 33010625300000000001" in notice.text_zh


def test_numbers_run_without_a_gap_in_a_departments_year(town: Bench) -> None:
    first = accepted_with_documents(town)
    with town.sql.begin(TENANT) as tx:
        assert [one.number for one in list_documents(tx, OneCase(first), own("list_documents")).items] == [None, None]
    numbers = [one.number for one in issued(town, first)]
    town.clock.advance(timedelta(days=220))
    town.world.subjects["sub_9"] = {**town.world.subjects[APPLICANT], "subject_id": "sub_9"}
    decide(town, first)
    numbers += [one.number for one in issued(town, first)][2:]
    assert numbers == ["示许〔2025〕1号", "示许〔2025〕2号", "示许〔2026〕1号", "示许〔2026〕2号"]
    assert number_documents(town.sql) == 0


def accepted_with_documents(bench: Bench) -> str:
    case_id = start_waiting(bench, documents=MARK)
    claim(bench, case_id)
    acceptance(bench, case_id)
    return case_id


def test_a_definition_without_documents_issues_none(town: Bench) -> None:
    assert kinds(town, accepted(town)) == []


def test_a_definition_has_its_own_words_and_its_own_choice(town: Bench) -> None:
    case_id = start_waiting(town, documents=OWN)
    claim(town, case_id)
    acceptance(town, case_id)
    (only,) = issued(town, case_id)
    assert (only.title_zh, only.text_zh) == ("同意受理书", f"办件 {case_id} 已受理。")


@pytest.mark.parametrize(("changes", "message"), [
    ({"text": {"zh": "{applicant}", "en": "x"}}, "unknown placeholder {applicant}"),
    ({"text": {"zh": "x", "en": "{matter:>9999999}"}}, "unknown placeholder {matter:>9999999}"),
    ({"text": {"zh": "{", "en": "x"}}, "single brace"),
])
def test_a_text_with_a_placeholder_that_nothing_fills_in_is_refused(changes: dict[str, Any], message: str) -> None:
    wording = {**OWN["texts"]["acceptance"], **changes}
    with pytest.raises(DefinitionInvalid, match="line") as caught:
        read_definition(as_yaml(a_definition(documents={**OWN, "texts": {"acceptance": wording}})))
    assert message in str(caught.value)


def test_a_text_of_a_document_that_is_not_issued_is_refused() -> None:
    with pytest.raises(DefinitionInvalid, match="not among the kinds"):
        read_definition(as_yaml(a_definition(documents={**OWN, "kinds": ["receipt"]})))


def test_the_texts_of_the_platform_have_known_placeholders_and_both_languages() -> None:
    texts = {kind: {"title": one.title, "text": one.text} for kind, one in TEXTS.items()}
    assert list(texts) == list(KINDS)
    read_definition(as_yaml(a_definition(documents={"mark": "示许", "texts": texts})))


def taken(
    bench: Bench, store: FolderStore, document_id: str, ticket: str | None = None, seals: SealService | None = None,
) -> TransferView:
    with bench.sql.begin(TENANT) as tx:
        path = request_document(tx, OneDocument(document_id), own("request_document")).path
    making = Making(bench.world.components, print_document, SealedContents(store), stamp_by(seals))
    return take_document(bench.sql, ByTicket(ticket or path.rpartition("/")[2]), making)


def content(store: FolderStore, given: TransferView) -> bytes:
    return b"".join(opened(bytes.fromhex(given.key), given.content_id, store.read(given.content_id)))


def test_a_document_is_given_as_one_file_that_says_what_it_says(town: Bench, tmp_path: Path) -> None:
    document_fonts()
    store = FolderStore(tmp_path / "store")
    case_id = refused(town)
    with pytest.raises(DocumentNotNumbered):
        taken(town, store, first_id(town, case_id))
    refusal = issued(town, case_id)[-1]
    given = taken(town, store, refusal.document_id)
    pdf = content(store, given)
    assert (given.media_types, given.size) == (["application/pdf"], len(pdf))
    file = tmp_path / "refusal.pdf"
    file.write_bytes(pdf)
    shown = subprocess.run([str(pdftotext()), str(file), "-"], capture_output=True, check=True).stdout.decode()
    for words in (refusal.number, "张三：", "不符合条件", "2025年6月2日", "未加盖电子印章", "Decision: refused"):
        assert str(words) in shown.replace("\n", "")
    again = taken(town, store, refusal.document_id)
    assert (again.content_id, again.key) == (given.content_id, given.key), "the file stays as it was first given"
    kept = issued(town, case_id)[-1]
    assert kept.stamped is False
    assert kept.sha256 is not None


def test_a_document_is_sealed_by_the_seal_service_and_a_reader_verifies_it(town: Bench, tmp_path: Path) -> None:
    store, secret = FolderStore(tmp_path / "store"), "a-secret-of-the-seals"
    document = issued(town, granted(town))[0]
    with ExitStack() as stack:
        url = start_seal_service(stack, secret)
        with pytest.raises(DocumentSealRefused, match="HTTP 401"):
            taken(town, store, document.document_id, seals=seals_at(url, "another-secret-of-ours"))
        given = taken(town, store, document.document_id, seals=seals_at(url, secret))
    file = tmp_path / "receipt.pdf"
    file.write_bytes(content(store, given))
    pdfsig = [str(pdftotext().with_name("pdfsig")), "-nocert", str(file)]
    told = subprocess.run(pdfsig, capture_output=True, check=True).stdout.decode()
    assert "Signature is Valid" in told and "Total document signed" in told
    assert DEPARTMENT in told
    shown = subprocess.run([str(pdftotext()), str(file), "-"], capture_output=True, check=True).stdout.decode()
    assert "电子印章" in shown and "未加盖" not in shown
    assert issued(town, document.case_id)[0].stamped is True


def test_while_the_seal_service_gives_no_answer_no_file_is_kept_and_the_ticket_stays(
    town: Bench, tmp_path: Path,
) -> None:
    store = FolderStore(tmp_path / "store")
    document = issued(town, granted(town))[0]
    with town.sql.begin(TENANT) as tx:
        ticket = request_document(
            tx, OneDocument(document.document_id), own("request_document")).path.rpartition("/")[2]
    with pytest.raises(DocumentSealUnavailable):
        taken(town, store, document.document_id, ticket, seals_at("http://127.0.0.1:1", "x" * 16))
    assert issued(town, document.case_id)[0].sha256 is None
    assert taken(town, store, document.document_id, ticket).size > 0


def seals_at(url: str, secret: str) -> SealService:
    return HttpSealService(SealAddress(url, SEALS_KEY_ID, secret.encode(), 5.0))


def first_id(bench: Bench, case_id: str) -> str:
    with bench.sql.begin(TENANT) as tx:
        return list_documents(tx, OneCase(case_id), own("list_documents")).items[0].document_id


def test_a_document_is_seen_by_those_who_see_the_case_and_a_ticket_is_good_once(town: Bench, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    document = issued(town, granted(town))[0]
    with town.sql.begin(TENANT) as tx:
        with pytest.raises(CaseNotFound):
            list_documents(tx, OneCase(document.case_id), own("list_documents", "sub_2"))
        with pytest.raises(DocumentNotFound):
            request_document(tx, OneDocument(document.document_id), own("request_document", "sub_2"))
        with pytest.raises(DocumentNotFound):
            request_document(tx, OneDocument("doc_none"), own("request_document"))
        ticket = request_document(
            tx, OneDocument(document.document_id), own("request_document")).path.rpartition("/")[2]
    taken(town, store, document.document_id, ticket)
    with pytest.raises(MaterialTicketInvalid):
        taken(town, store, document.document_id, ticket)
    with pytest.raises(MaterialTicketInvalid):
        taken(town, store, document.document_id, "x" * 43)
