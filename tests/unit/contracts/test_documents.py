"""A reply's field may be a document: what of it is in the contract, and which mistakes its author hears of."""
from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from marshmallow import fields

from shared_components.contracts import DocumentContract, Message
from shared_components.contracts.diff import compare
from shared_components.contracts.export import export_contract
from shared_components.contracts.json_schema import ContractInvalid, json_schema
from shared_components.contracts.registry import MethodContract, ServiceContract


class Get(Message):
    paper_id = fields.String(required=True)
    whole = fields.Boolean(load_default=False)


class Paper(Message):
    number = fields.String()
    content = fields.String(allow_none=True, metadata={"media_type": "application/pdf"})


DOCUMENT = DocumentContract("papers/{paper_id}.pdf", "content", asking={"whole": True}, named_by=("number",))
METHOD = MethodContract("get", Get, Paper, callers=("gateway",), public=True)


def exported(document: DocumentContract | None, **changes: Any) -> dict[str, Any]:
    method = dataclasses.replace(METHOD, document=document, **changes)
    return export_contract(ServiceContract("shelf", "1.0", {"get": method}))


def test_a_contract_tells_of_its_document() -> None:
    assert (DOCUMENT.place, DOCUMENT.extension) == ("paper_id", ".pdf")
    assert exported(DOCUMENT)["methods"]["get"]["document"] == {
        "path": "papers/{paper_id}.pdf", "field": "content", "media_type": "application/pdf",
        "asking": {"whole": True}, "named_by": ["number"],
    }
    assert "document" not in exported(None)["methods"]["get"]


def test_a_field_that_is_a_file_says_so_in_the_words_of_json_schema() -> None:
    content = json_schema(Paper, "output")["properties"]["content"]
    assert (content["contentEncoding"], content["contentMediaType"]) == ("base64", "application/pdf")


@pytest.mark.parametrize(("changes", "said"), [
    ({"path": "papers/paper_id.pdf"}, "has the path 'papers/paper_id.pdf'; one such as"),
    ({"path": "/papers/{paper_id}.pdf"}, "one such as 'receipts/{receipt_id}.pdf' is allowed"),
    ({"path": "papers/{paper_id}"}, "has the path"),
    ({"path": "papers/{id}.pdf"}, "asks with 'id', which the request does not have; it has: paper_id, whole"),
    ({"asking": {"all": True}}, "asks with 'all'"),
    ({"reply_field": "pdf"}, "needs 'pdf', which the reply does not have; it has: number, content"),
    ({"named_by": ("name",)}, "needs 'name'"), ({"reply_field": "number"}, "is field 'number', whose metadata has no"),
])
def test_a_mistake_is_told_to_its_author(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ContractInvalid) as refused:
        exported(dataclasses.replace(DOCUMENT, **changes))
    assert said in refused.value.message


def test_a_method_that_changes_something_has_none() -> None:
    with pytest.raises(ContractInvalid, match="GET changes nothing"):
        exported(DOCUMENT, mutating=True)


def test_an_app_counts_on_its_address() -> None:
    without, there = exported(None), exported(DOCUMENT)
    moved = exported(dataclasses.replace(DOCUMENT, path="files/{paper_id}.pdf"))
    assert [(found.where, found.breaking) for found in compare(without, there)] == [("method get, document", False)]
    assert [(found.where, found.breaking) for found in compare(there, without)] == [("method get, document", True)]
    assert [(found.where, found.breaking) for found in compare(there, moved)] == [("method get, document, path", True)]
