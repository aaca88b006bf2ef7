"""Files of cases: asked for, uploaded by ticket, confirmed by hash, seen by those who see the case, purged."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.matter.cases.domain.errors import CaseNotFound, MaterialsMissing
from services.matter.cases.usecases.own_case import OneCase
from services.matter.cases.usecases.start_case import StartCase, start_case
from services.matter.cases.usecases.submit_case import SubmitCase, submit_case
from services.matter.definitions.domain.errors import DefinitionInvalid
from services.matter.materials.domain.errors import (
    MaterialNotFound,
    MaterialSizeDiffers,
    MaterialsNotChangeable,
    MaterialsTooMany,
    MaterialTicketInvalid,
    MaterialTypeRefused,
    MaterialUnknown,
)
from services.matter.materials.usecases.own_materials import (
    OneMaterial,
    ReuseMaterial,
    list_materials,
    remove_material,
    request_download,
    reuse_material,
)
from services.matter.materials.usecases.purge import purge_materials
from services.matter.materials.usecases.request_upload import RequestUpload, request_upload
from services.matter.materials.usecases.transfer import (
    ByTicket,
    FinishUpload,
    finish_upload,
    open_upload,
    take_download,
)
from services.matter.materials.usecases.views import TicketView
from services.matter.publishing.adapters.definition_reader import read_definition
from services.matter.publishing.usecases.publish_matter import publish_definition
from shared_components.kernel.calls import CallContext
from tests.acting import citizen
from tests.cases.definitions import a_definition, as_yaml, callback_step
from tests.unit.matter.desk import at_desk
from tests.unit.matter.sql import SqlTransactions
from tests.unit.matter.town import RULES

TENANT, APP = "default", "app-demo"
SHA = "0" * 64
TITLE = {"zh": "照片", "en": "Photograph"}
MATERIALS = [
    {"material": "photo", "title": TITLE, "required": True, "types": ["image/jpeg"]},
    {"material": "lease", "title": TITLE, "required_when": "form.rents == true", "most": 2}]
FORM = {"type": "object", "properties": {"rents": {"type": "boolean"}}}


def call(method: str, subject: str = "sub_1", **changes: Any) -> CallContext:
    context = CallContext(APP, TENANT, department=TENANT, rule=RULES[method], acting=citizen(subject), op_id="op")
    return context._replace(**changes)


def draft(transactions: SqlTransactions, subject: str = "sub_1", **form: Any) -> str:
    data = read_definition(as_yaml(a_definition(
        form=FORM, materials=MATERIALS, steps=[callback_step("medical")], open_cases={"most": 5})))
    with transactions.begin(TENANT) as tx:
        publish_definition(tx, tenant=TENANT, data=data)
        return start_case(tx, StartCase("small-matter", subject, form), call("start_case", subject)).case_id


def ask(
    transactions: SqlTransactions, case_id: str, material: str = "photo", media_type: str = "image/jpeg",
    context: CallContext | None = None,
) -> TicketView:
    with transactions.begin(TENANT) as tx:
        return request_upload(
            tx, RequestUpload(case_id, material, media_type, 3, "我的照片.jpg"), context or call("request_upload"))


def ticket_of(view: TicketView) -> str:
    return view.path.rpartition("/")[2]


def give(transactions: SqlTransactions, case_id: str, material: str = "photo") -> str:
    asked = ask(transactions, case_id, material)
    finish_upload(transactions, FinishUpload(ticket_of(asked), 3, "image/jpeg", SHA))
    return asked.material_id


def submit(transactions: SqlTransactions, case_id: str) -> None:
    with transactions.begin(TENANT) as tx:
        submit_case(tx, SubmitCase(case_id), call("submit_case"))


def listed(transactions: SqlTransactions, case_id: str, context: CallContext | None = None) -> list[Any]:
    with transactions.begin(TENANT) as tx:
        return list(list_materials(tx, OneCase(case_id), context or call("list_materials")).items)


def download(transactions: SqlTransactions, material_id: str, context: CallContext | None = None) -> TicketView:
    with transactions.begin(TENANT) as tx:
        return request_download(tx, OneMaterial(material_id), context or call("request_download"))


def test_a_case_is_submitted_with_what_its_answers_require(sql_transactions: SqlTransactions) -> None:
    case_id = draft(sql_transactions, rents=True)
    with pytest.raises(MaterialsMissing) as missing:
        submit(sql_transactions, case_id)
    assert missing.value.details == {"materials": ["photo", "lease"]}
    give(sql_transactions, case_id)
    with pytest.raises(MaterialsMissing):
        submit(sql_transactions, case_id)
    give(sql_transactions, case_id, "lease")
    submit(sql_transactions, case_id)
    with pytest.raises(MaterialsNotChangeable):
        ask(sql_transactions, case_id)


def test_what_no_answer_requires_may_be_left_out(sql_transactions: SqlTransactions) -> None:
    case_id = draft(sql_transactions, rents=False)
    give(sql_transactions, case_id)
    submit(sql_transactions, case_id)


def test_an_upload_begun_is_nothing_given(sql_transactions: SqlTransactions) -> None:
    case_id = draft(sql_transactions)
    ask(sql_transactions, case_id)
    with pytest.raises(MaterialsMissing):
        submit(sql_transactions, case_id)


def test_the_gateway_learns_the_key_and_the_file_is_taken_by_size_type_and_hash(
    sql_transactions: SqlTransactions,
) -> None:
    case_id = draft(sql_transactions)
    asked = ask(sql_transactions, case_id)
    ticket = ticket_of(asked)
    allowed = open_upload(sql_transactions, ByTicket(ticket))
    assert (allowed.size, list(allowed.media_types), len(bytes.fromhex(allowed.key))) == (3, ["image/jpeg"], 32)
    assert open_upload(sql_transactions, ByTicket(ticket)) == allowed, "an upload that broke off is tried again"
    with pytest.raises(MaterialSizeDiffers):
        finish_upload(sql_transactions, FinishUpload(ticket, 4, "image/jpeg", SHA))
    with pytest.raises(MaterialTypeRefused):
        finish_upload(sql_transactions, FinishUpload(ticket, 3, "application/pdf", SHA))
    finish_upload(sql_transactions, FinishUpload(ticket, 3, "image/jpeg", SHA))
    with pytest.raises(MaterialTicketInvalid):
        open_upload(sql_transactions, ByTicket(ticket))
    (seen,) = listed(sql_transactions, case_id)
    assert (seen.state, seen.sha256, seen.file_name) == ("given", SHA, "我的照片.jpg")


def test_a_ticket_is_good_for_ten_minutes_and_for_its_purpose(sql_transactions: SqlTransactions) -> None:
    case_id = draft(sql_transactions)
    ticket = ticket_of(ask(sql_transactions, case_id))
    with pytest.raises(MaterialTicketInvalid):
        take_download(sql_transactions, ByTicket(ticket))
    sql_transactions.clock.advance(timedelta(minutes=10))
    with pytest.raises(MaterialTicketInvalid):
        finish_upload(sql_transactions, FinishUpload(ticket, 3, "image/jpeg", SHA))
    assert ask(sql_transactions, case_id), "and the place that it took is free again"


def test_an_upload_that_ends_after_the_case_was_submitted_is_not_taken(sql_transactions: SqlTransactions) -> None:
    case_id = draft(sql_transactions)
    give(sql_transactions, case_id)
    late = ticket_of(ask(sql_transactions, case_id, "lease"))
    submit(sql_transactions, case_id)
    with pytest.raises(MaterialsNotChangeable):
        finish_upload(sql_transactions, FinishUpload(late, 3, "image/jpeg", SHA))
    assert [seen.state for seen in listed(sql_transactions, case_id)] == ["given", "awaited"]


def test_a_removed_file_is_uploaded_by_no_ticket(sql_transactions: SqlTransactions) -> None:
    asked = ask(sql_transactions, draft(sql_transactions))
    with sql_transactions.begin(TENANT) as tx:
        remove_material(tx, OneMaterial(asked.material_id), call("remove_material"))
    with pytest.raises(MaterialTicketInvalid):
        open_upload(sql_transactions, ByTicket(ticket_of(asked)))
    with pytest.raises(MaterialTicketInvalid):
        finish_upload(sql_transactions, FinishUpload(ticket_of(asked), 3, "image/jpeg", SHA))


def test_a_download_is_good_once(sql_transactions: SqlTransactions) -> None:
    case_id = draft(sql_transactions)
    material_id = give(sql_transactions, case_id)
    ticket = ticket_of(download(sql_transactions, material_id))
    assert take_download(sql_transactions, ByTicket(ticket)).material_id == material_id
    with pytest.raises(MaterialTicketInvalid):
        take_download(sql_transactions, ByTicket(ticket))
    officer = at_desk("request_download")
    assert download(sql_transactions, material_id, officer), "officers of the department look at it"


@pytest.mark.parametrize("stranger", [
    call("request_download", "sub_2"), call("request_download", caller="app-other", acting=None),
    at_desk("request_download", department="elsewhere"),
])
def test_a_file_of_a_case_that_one_may_not_see_looks_like_none(
    sql_transactions: SqlTransactions, stranger: CallContext,
) -> None:
    case_id = draft(sql_transactions)
    material_id = give(sql_transactions, case_id)
    for hidden in (material_id, "mat_unknown"):
        with pytest.raises(MaterialNotFound, match=hidden):
            download(sql_transactions, hidden, stranger)
    with pytest.raises(CaseNotFound):
        listed(sql_transactions, case_id, stranger._replace(rule=RULES["list_materials"]))
    with pytest.raises(CaseNotFound):
        ask(sql_transactions, case_id, context=stranger._replace(rule=RULES["request_upload"]))


def test_what_the_matter_does_not_ask_for_is_refused(sql_transactions: SqlTransactions) -> None:
    case_id = draft(sql_transactions)
    with pytest.raises(MaterialUnknown, match="photo, lease"):
        ask(sql_transactions, case_id, "passport")
    with pytest.raises(MaterialTypeRefused):
        ask(sql_transactions, case_id, media_type="application/pdf")
    ask(sql_transactions, case_id)
    with pytest.raises(MaterialsTooMany):
        ask(sql_transactions, case_id)


class Contents:
    def __init__(self) -> None:
        self.removed: list[str] = []

    def remove(self, material_id: str) -> None:
        self.removed.append(material_id)


def test_what_was_removed_and_what_never_came_is_purged_with_its_content(sql_transactions: SqlTransactions) -> None:
    case_id, contents = draft(sql_transactions), Contents()
    material_id = give(sql_transactions, case_id)
    with sql_transactions.begin(TENANT) as tx:
        remove_material(tx, OneMaterial(material_id), call("remove_material"))
    assert listed(sql_transactions, case_id) == []
    begun = ask(sql_transactions, case_id).material_id
    assert purge_materials(sql_transactions, contents) == 1
    sql_transactions.clock.advance(timedelta(days=1, seconds=1))
    assert purge_materials(sql_transactions, contents) == 1
    assert contents.removed == [material_id, begun]


def test_a_file_given_once_is_given_again_and_its_content_stays_while_one_case_has_it(
    sql_transactions: SqlTransactions,
) -> None:
    first, second, contents = draft(sql_transactions), draft(sql_transactions), Contents()
    material_id = give(sql_transactions, first)
    with sql_transactions.begin(TENANT) as tx:
        again = reuse_material(tx, ReuseMaterial(second, "photo", material_id), call("reuse_material"))
        remove_material(tx, OneMaterial(material_id), call("remove_material"))
    purge_materials(sql_transactions, contents)
    assert contents.removed == []
    assert download(sql_transactions, again.material_id)
    strange = draft(sql_transactions, "sub_2")
    with pytest.raises(MaterialNotFound), sql_transactions.begin(TENANT) as tx:
        reuse_material(tx, ReuseMaterial(strange, "photo", again.material_id), call("reuse_material", "sub_2"))
    operator = CallContext("operator", TENANT, rule=RULES["reuse_material"], op_id="op")
    with pytest.raises(MaterialNotFound), sql_transactions.begin(TENANT) as tx:
        reuse_material(tx, ReuseMaterial(strange, "photo", again.material_id), operator)


@pytest.mark.parametrize(("materials", "told"), [
    ([MATERIALS[0], MATERIALS[0]], "there twice"),
    ([{**MATERIALS[1], "required_when": "form.rent == true"}], "form.rent"),
    ([{**MATERIALS[0], "types": ["text/html"]}], "materials.0.types.0"),
])
def test_a_mistake_in_the_materials_is_told_with_its_place(materials: list[Any], told: str) -> None:
    with pytest.raises(DefinitionInvalid) as raised:
        read_definition(as_yaml(a_definition(form=FORM, materials=materials)))
    assert any(told in f"{one['path']} {one['message']}" for one in raised.value.details["problems"])
