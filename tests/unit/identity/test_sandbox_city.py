"""The generated population: consistent, the same for a seed, with every special case."""
from __future__ import annotations

import json
from collections import Counter

import pytest
from click.testing import CliRunner

from services.identity.sandbox.authority import SandboxAuthority
from services.identity.sandbox.city import city
from services.identity.sandbox.people import ADULT_YEARS, AS_OF, EDGES
from services.identity.sandbox.population import ORGANISATIONS, PERSONS
from services.identity.subjects.domain.errors import EvidenceRefused, NameInvalid
from services.identity.subjects.domain.ports import Claim
from shared_components.cli.app import zhongtai
from shared_components.kernel.names import clean_name
from shared_components.kernel.numbers import birth_date, validate_credit_code, validate_resident_id

ALL = city()
BY_NUMBER = {person.number: person for person in ALL.persons}


def test_there_are_thousands_each_with_a_number_of_their_own() -> None:
    assert len(ALL.persons) > 3_000 and len(ALL.companies) >= 200
    assert len(BY_NUMBER) == len(ALL.persons) and not BY_NUMBER.keys() & PERSONS.keys()
    codes = {company.credit_code for company in ALL.companies}
    assert len(codes) == len(ALL.companies) and not codes & ORGANISATIONS.keys()


def test_every_number_and_name_is_valid_by_rule() -> None:
    for person in ALL.persons:
        assert validate_resident_id(person.number, today=AS_OF) == person.number
        assert birth_date(person.number) == person.born
        assert clean_name(person.name, error=NameInvalid) == person.name
    assert all(validate_credit_code(company.credit_code) for company in ALL.companies)


def test_minors_have_living_adults_of_their_family_as_guardians_and_adults_have_none() -> None:
    for person in ALL.persons:
        assert bool(person.guardians) == (person.age < ADULT_YEARS), person.number
        for number in person.guardians:
            guardian = BY_NUMBER[number]
            assert guardian.family == person.family and guardian.age >= ADULT_YEARS and guardian.state != "dead"
            assert guardian.age - person.age >= 15


def test_companies_have_a_living_representative_and_agents() -> None:
    for company in ALL.companies:
        for number in (company.representative, *company.agents):
            assert BY_NUMBER[number].age >= ADULT_YEARS and BY_NUMBER[number].state == "alive"
        assert company.representative not in company.agents
    assert any(company.agents for company in ALL.companies)


def test_every_special_case_is_there_more_than_once() -> None:
    counted = Counter(edge for person in ALL.persons for edge in person.edges)
    assert set(counted) == set(EDGES) and min(counted.values()) >= 3, counted


def test_a_seed_gives_the_same_people_and_another_seed_others() -> None:
    assert city.__wrapped__(families=50).persons == ALL.persons[: len(city.__wrapped__(families=50).persons)]
    assert city(7, 50).persons != city(8, 50).persons
    first = ALL.persons[0]
    assert (first.number, first.name) == ("330302196606213012", "杨宇")


def claim(number: str, name: str, id_type: str = "111") -> Claim:
    return Claim("name-number-match", id_type, number, name, {})


def test_the_authority_confirms_the_living_and_refuses_the_dead_and_frozen() -> None:
    authority = SandboxAuthority()
    for state in ("alive", "dead", "frozen"):
        person = next(each for each in ALL.persons if each.state == state)
        if state == "alive":
            assert authority.confirm(claim(person.number, person.name), key="a").receipt
            continue
        with pytest.raises(EvidenceRefused) as caught:
            authority.confirm(claim(person.number, person.name), key="a")
        assert caught.value.details["reason"] == state
    company = ALL.companies[0]
    assert authority.confirm(claim(company.credit_code, company.name, "001"), key="a").receipt
    with pytest.raises(EvidenceRefused):
        authority.confirm(claim(ALL.persons[0].number, "别人"), key="a")


def people(*arguments: str) -> dict[str, object]:
    result = CliRunner().invoke(zhongtai, ["sandbox", "people", "--json", *arguments])
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_the_command_lists_people_by_pages_and_by_special_case() -> None:
    page, following = people("--limit", "5"), people("--limit", "5", "--after", "5")
    assert page["next"] == 5 and page["items"] != following["items"]
    leap = people("--edge", "leap-day", "--limit", "1000")
    assert leap["next"] is None and leap["items"]
    company = people("--companies", "--limit", "1")["items"]
    assert isinstance(company, list) and company[0]["credit_code"] == ALL.companies[0].credit_code


def test_the_command_refuses_a_special_case_that_is_none() -> None:
    assert CliRunner().invoke(zhongtai, ["sandbox", "people", "--edge", "tall"]).exit_code == 2
