"""Confirming in a session that it is still the person, by each way, with limits of its own."""
from __future__ import annotations

from functools import partial

import pytest

from services.identity.credentials.adapters.argon2 import Argon2Hasher
from services.identity.credentials.domain.errors import CodeRefused, HashingBusy, SignInRefused, TooManyAttempts
from services.identity.credentials.usecases.codes import CodeSent, send_code_to
from services.identity.credentials.usecases.confirm_identity import ConfirmIdentity, confirm_identity
from services.identity.credentials.usecases.confirmations import require_confirmation
from services.identity.credentials.usecases.messages import deliver_code
from shared_components.bus import RealThreads
from shared_components.kernel.errors import AppError
from tests.unit.identity.credentials.test_hashing import FullThreads
from tests.unit.identity.credentials.test_second_factors import code_at, enrol
from tests.unit.identity.credentials.world import LOGIN, QUICK, REALM, RIGHT, WRONG, World

EMAIL = "lin@example.cn"


def confirm(world: World, subject_id: str, method: str, secret: str, *, sent: CodeSent | None = None) -> bool:
    """Tell whether the confirmation is weak."""
    command = ConfirmIdentity(method, secret, None if sent is None else sent.challenge_id)
    owner = world.owner(subject_id)
    token = confirm_identity(world.transactions, world.hasher, command, owner, LOGIN).token
    return world.in_tx(lambda tx: require_confirmation(tx, owner, token))


def test_a_password_confirms_and_guessing_ends_after_five(world: World) -> None:
    subject_id = world.person()
    assert confirm(world, subject_id, "password", RIGHT) is False
    for _ in range(5):
        with pytest.raises(SignInRefused):
            confirm(world, subject_id, "password", WRONG)
    with pytest.raises(TooManyAttempts):
        confirm(world, subject_id, "password", RIGHT)


def test_a_full_queue_costs_no_attempt(world: World) -> None:
    subject_id, hasher = world.person(), world.hasher
    world.hasher = Argon2Hasher(RealThreads(1, waiting=0), QUICK)
    world.hasher._threads = FullThreads()
    for _ in range(8):
        with pytest.raises(HashingBusy):
            confirm(world, subject_id, "password", RIGHT)
    world.hasher = hasher
    assert confirm(world, subject_id, "password", RIGHT) is False


def test_an_authenticator_app_confirms_once_with_each_code(world: World) -> None:
    subject_id = world.person()
    code = code_at(world, enrol(world, subject_id))
    assert confirm(world, subject_id, "totp", code) is False
    with pytest.raises(CodeRefused):
        confirm(world, subject_id, "totp", code)


def test_a_sent_code_confirms_weakly_in_its_own_session(world: World) -> None:
    subject_id = world.person(email=EMAIL)
    sent = world.in_tx(lambda tx: send_code_to(tx, REALM, subject_id, "ses_1"))
    deliver_code(world.transactions, world.outbox, REALM, sent.challenge_id)
    assert confirm(world, subject_id, "code", world.outbox.last_code, sent=sent) is True


def test_a_code_that_was_sent_for_another_session_or_person_confirms_nothing(world: World) -> None:
    first, second = world.person(email=EMAIL), world.person(email="other@example.cn")
    for subject_id, session in ((first, "ses_2"), (second, "ses_1")):
        sent = world.in_tx(partial(send_code_to, population=REALM, subject_id=subject_id, binding=session))
        deliver_code(world.transactions, world.outbox, REALM, sent.challenge_id)
        with pytest.raises(AppError):
            confirm(world, first, "code", world.outbox.last_code, sent=sent)
