"""S3: passwords, one-time codes and second factors are guessed, by many at once, with every identifier of a person."""
from __future__ import annotations

from contextlib import closing

import pyotp

from services.identity.credentials.domain.policy import CredentialPolicy
from services.identity.credentials.usecases.second_factors import ProveSecond, prove_totp
from tests.faults.guessing import EMAIL, Guessers, all_at_once, counted_codes, outcome, unlimited
from tests.faults.lab import Lab
from tests.faults.report import Report
from tests.unit.identity.credentials.test_second_factors import code_at, enrol
from tests.unit.identity.credentials.world import LOGIN, REALM, World

ID, TITLE = "S3", "passwords, codes and second factors guessed in parallel"
TARGET = "never more comparisons than the limit; each code counts once; the owner's device gets in"
OPERATIONS, UNIT = 400, "guesses"
SERVICE = "identity"


def run(lab: Lab, report: Report) -> None:
    guess(lab, report)
    with unlimited():
        seen = guess(lab, Report(ID, TITLE, TARGET, report.seed, report.operations))
    report.add_blind("attempts never used up", {"compared": seen}, int(seen > 20))


def guess(lab: Lab, report: Report) -> int:
    """Guess in each way; gives how many passwords and codes were compared."""
    report.faults = "16 guessers at once with 4 identifiers, 5 devices and 250 addresses"
    with lab.world(report.id, SERVICE) as world, closing(
        Guessers(world.folder, world.database_url, report.seed)
    ) as guessers:
        return _passwords(guessers, report) + _codes(guessers, report) + _second_factors(guessers, report)


def _policy_of(world: World) -> CredentialPolicy:
    policy = world.transactions.credential_policy
    assert policy is not None
    return policy


def _passwords(guessers: Guessers, report: Report) -> int:
    limits = _policy_of(guessers.world).limits
    before = guessers.compared
    told = all_at_once(guessers.guess, report.operations)
    compared, entered = guessers.compared - before, guessers.owner_enters()
    wrong = [f"{compared} passwords were compared"] if compared > limits.account.attempts else []
    wrong += ["a guess got in"] if "in" in told else []
    wrong += [f"the owner's device was told {entered}"] if entered != "in" else []
    report.add("passwords", {"guesses": len(told), "compared": compared, "owner": entered}, wrong)
    return compared


def _codes(guessers: Guessers, report: Report) -> int:
    world = guessers.world
    world.wait(minutes=20)
    sent = world.ask_code(EMAIL)
    right = world.outbox.last_code
    others = [f"{(int(right) + 1 + step) % 10**6:06}" for step in range(report.operations)]
    with counted_codes() as compared:
        all_at_once(lambda number: outcome(lambda: world.show_code(
            sent, others[number], address=f"10.7.{number % 250}.1")), report.operations)
        last = outcome(lambda: world.show_code(sent, right, address="10.8.0.1"))
    most = _policy_of(world).codes.tries
    wrong = [f"{len(compared)} codes were compared"] if len(compared) > most else []
    wrong += ["the right code counted after the last try"] if last == "in" else []
    report.add("codes", {"guesses": len(others), "compared": len(compared), "right one": last}, wrong)
    return len(compared)


def _second_factors(guessers: Guessers, report: Report) -> int:
    world, owner = guessers.world, guessers.owner
    secret = enrol(world, owner)
    code = code_at(world, secret)

    def show(shown: str) -> str:
        return outcome(lambda: prove_totp(world.transactions, ProveSecond(REALM, owner, shown), LOGIN))

    at_once = all_at_once(lambda _: show(code), 32)
    world.wait(minutes=20)
    valid = {pyotp.TOTP(secret).at(world.clock.now(), counter_offset=step) for step in (-1, 0, 1)}
    guesses = [each for each in (f"{number:06}" for number in range(1000)) if each not in valid]
    told = all_at_once(lambda number: show(guesses[number % len(guesses)]), report.operations)
    compared = told.count("identity.code-refused")
    wrong = [f"one code counted {at_once.count('in')} times"] if at_once.count("in") != 1 else []
    most = _policy_of(world).limits.second.attempts
    wrong += [f"{compared} codes were compared"] if compared > most else []
    report.add("second factor", {"guesses": len(told), "compared": compared, "once": at_once.count("in")}, wrong)
    return compared


