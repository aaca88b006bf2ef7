"""Adults of the sandbox's city, registered, at level 3, each with a driving licence that is soon to end."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from eventlet import GreenPool

from services.identity.sandbox.city import city
from services.identity.sandbox.people import Person
from shared_components.devstack.sandbox import seed_of_matter

SIDE_BY_SIDE, DAYS_LEFT, TIMEOUT_S = 16, 60, 60.0
YOUNGEST, OLDEST = 20, 65
EVIDENCE: Mapping[str, Mapping[str, str]] = {
    "name-number-match": {}, "proof-of-presence": {"presence_token": "sandbox-present"}}


def adults() -> list[Person]:
    """Those whom the sandbox's authority confirms and who have nothing special."""
    return [person for person in city().persons if not person.edges and YOUNGEST <= person.age <= OLDEST]


def registered(operator: Any, persons: Sequence[Person]) -> list[str]:
    """Their subject ids."""
    return list(GreenPool(SIDE_BY_SIDE).imap(lambda person: register(operator, person), persons))


def register(operator: Any, person: Person) -> str:
    """Give the subject's id."""
    subject: str = operator.identity.register_person(
        name=person.name, id_number=person.number, email=f"{person.number}@citizen.example",
        timeout_s=TIMEOUT_S)["subject_id"]
    for kind, data in EVIDENCE.items():
        operator.identity.add_evidence(subject_id=subject, kind=kind, data=dict(data), timeout_s=TIMEOUT_S)
    prior, ends = seed_of_matter()["example"]["prior_licence"], today() + timedelta(days=DAYS_LEFT)
    operator.elicence.issue(
        type_code=prior["type_code"], issuer_code=prior["issuer_code"], issuer_name=prior["issuer_name"],
        holder_subject=subject, holder_name=person.name, holder_id_type="111", holder_id_number=person.number,
        content=prior["content"], valid_from=ends.replace(year=ends.year - prior["validity_years"]).isoformat(),
        valid_until=ends.isoformat(), timeout_s=TIMEOUT_S)
    return subject


def today() -> date:
    return datetime.now(UTC).date()
