"""Each field of a service that names a subject says so, so that apps get ids of their sector there."""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields

from shared_components.bus import TransactionProvider
from shared_components.contracts import SubjectId
from shared_components.runtime.discovery import contract_of, service_class, service_names

NAMES_A_SUBJECT = re.compile(
    r"(.*_)?(subjects?|applicants?|holders?|payers?|payees?|recipients?|citizens?|persons?|people|officers?|principals?|agents?"
    r"|guardians?|wards?|grantors?|grantees?|survivor|merged|represented|acting|decided_by|requested_by|sub|act)"
    r"(_subject|_ids?)?")
NOT_SUBJECTS = {
    ("notification", "subject"): "the subject line of a message",
}
SERVICES = service_names()


def fields_of(schema: Schema, place: str) -> Iterator[tuple[str, str, Any]]:
    for name, field in schema.fields.items():
        inner: fields.Field[Any] | None = field
        while isinstance(inner, fields.List | fields.Dict):
            inner = inner.inner if isinstance(inner, fields.List) else inner.value_field
        if isinstance(inner, fields.Nested):
            yield from fields_of(inner.schema, f"{place}.{name}")
        else:
            yield f"{place}.{name}", name, inner


def all_fields(service: str) -> Iterator[tuple[str, str, Any]]:
    contract = contract_of(service)
    for method in contract.methods.values():
        yield from fields_of(method.request(), f"{service}.{method.name} request")
        yield from fields_of(method.reply(), f"{service}.{method.name} reply")
    for event in contract.events:
        yield from fields_of(event.data(), f"{service} event {event.type}")


@pytest.mark.parametrize("service", SERVICES)
def test_a_field_that_is_named_like_a_subject_is_a_subject_id(service: str) -> None:
    untyped = [
        place for place, name, field in all_fields(service)
        if NAMES_A_SUBJECT.fullmatch(name) and (service, name) not in NOT_SUBJECTS
        and isinstance(field, fields.String) and not isinstance(field, SubjectId)]
    assert untyped == [], "fields.String is SubjectId there: apps know subjects by ids of their sector"


@pytest.mark.parametrize("service", SERVICES)
def test_a_field_whose_description_speaks_of_a_subjects_id_is_one(service: str) -> None:
    told = re.compile(r"\bsub_|subject'?s? id\b|id in identity", re.IGNORECASE)
    untyped = [
        place for place, _, field in all_fields(service)
        if isinstance(field, fields.String) and not isinstance(field, SubjectId)
        and told.search(str(field.metadata.get("en", "")))]
    assert untyped == []


def test_services_that_name_subjects_have_the_key_for_ids_of_sectors() -> None:
    naming = {service for service in SERVICES for _, _, field in all_fields(service) if isinstance(field, SubjectId)}
    assert {"identity", "elicence", "matter", "notification", "payment"} <= naming
    for service in naming:
        assert isinstance(service_class(service).transactions, TransactionProvider), service
