"""Rows of complete cases: what is told of a case, and that there are applicants enough. No time decides anything."""
from __future__ import annotations

from tests.benchmarks.cases.applicants import adults
from tests.benchmarks.cases.profile import Costs, passed_on
from tests.benchmarks.cases.run import CASES, LONE_CASES, WARM_UP, case_rows
from tests.benchmarks.rounds import Effort
from tests.benchmarks.rows import chosen


def test_costs_are_told_for_each_case_and_begin_and_commit_are_no_statements() -> None:
    rows = {"xact_commit": 10.0, "tup_inserted": 0.0}
    before = Costs({"matter": 1.0}, rows, {"SELECT 1": 5.0})
    after = Costs({"matter": 1.5}, {"xact_commit": 30.0, "tup_inserted": 40.0},
                  {"SELECT 1": 25.0, "COMMIT": 20.0, "BEGIN": 20.0})
    found = after.since(before, 10)
    assert found["ms_a_case"] == {"matter": 50.0}
    assert (found["xact_commit_a_case"], found["tup_inserted_a_case"], found["statements_a_case"]) == (2.0, 4.0, 2.0)


def test_messages_are_counted_over_all_protocols_of_the_broker() -> None:
    told = """#{[{protocol,amqp091}] => #{messages_received_total => 12,messages_received_confirm_total => 5},
  [{protocol,amqp091},{queue_type,rabbit_classic_queue}] => #{messages_delivered_total => 20},
  [{protocol,amqp10},{queue_type,rabbit_classic_queue}] => #{messages_delivered_total => 1}}"""
    assert passed_on(told) == {"messages_received": 12.0, "messages_delivered": 21.0}


def test_there_is_an_applicant_for_every_case_of_a_run() -> None:
    persons = adults()
    assert len({person.number for person in persons}) == len(persons)
    assert len(persons) >= Effort().rounds * (CASES + LONE_CASES) + WARM_UP


def test_the_rows_are_found_by_their_name() -> None:
    assert [row.name for row in chosen("matter.case", case_rows())] == ["matter.case.concurrent", "matter.case.serial"]
