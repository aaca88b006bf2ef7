"""Requests of the methods of sign-in methods, each in a state in which its first caller succeeds."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyotp

from services.identity.credentials.adapters.passkeys import FidoPasskeys
from services.identity.credentials.domain.credential import PASSWORD, Credential
from services.identity.credentials.domain.policy import PasskeyRules
from services.identity.credentials.domain.proof import Proof
from services.identity.credentials.usecases.confirmations import Owner, confirm
from services.identity.sandbox.city import city
from services.identity.sandbox.people import Person
from shared_components.kernel.ids import new_id
from tests.acting import citizen
from tests.cases.directory_races import Make, realm
from tests.cases.racing import TENANT, Racer
from tests.unit.identity.credentials.authenticator import ORIGIN, RP_ID, Authenticator

SCOPES = frozenset({"credential", "guardian-consent"})
NUMBER, NAME = "33010619850615002X", "林静"


def confirmed(racing: Racer) -> Mapping[str, Any]:
    """A person with a password, in a session, who has just confirmed that it is them."""
    realm(racing)
    subject = _enter(racing, NAME, NUMBER)
    with racing.transaction() as tx:
        now = tx.clock.now()
        tx.credentials.add([Credential(new_id("crd"), TENANT, subject, PASSWORD, now, now, "$argon2id$none")])
        made = confirm(tx, Owner(TENANT, subject, f"ses_{subject}"), Proof(subject, "pwd", now, "crd_1"))
    return {"confirmation": made.token}


def _enter(racing: Racer, name: str, number: str) -> str:
    racing.acting = None
    subject: str = racing.ask("register_person", name=name, id_number=number)["subject_id"]
    racing.acting = citizen(subject, level=3, scopes=SCOPES)
    return subject


def finishing_totp(racing: Racer) -> Mapping[str, Any]:
    shown = confirmed(racing)
    made = racing.ask("begin_totp", **shown)
    return {**shown, "credential_id": made["credential_id"], "code": pyotp.TOTP(made["secret"]).now()}


def adding_passkey(racing: Racer) -> Mapping[str, Any]:
    racing.provider.passkeys = FidoPasskeys(PasskeyRules(RP_ID, "示范市", (ORIGIN,)))
    return confirmed(racing)


def a_passkey(racing: Racer) -> Mapping[str, Any]:
    shown = adding_passkey(racing)
    asked = racing.ask("begin_adding_passkey", **shown)
    made = racing.ask("finish_adding_passkey", challenge_id=asked["challenge_id"], name="手机",
                      response=Authenticator().register(asked["options"]))
    return {**shown, "credential_id": made["credential_id"]}


def naming(racing: Racer) -> Mapping[str, Any]:
    return {"credential_id": a_passkey(racing)["credential_id"], "name": "蓝色密钥"}


def a_family() -> tuple[Person, Person]:
    """A child under 14, and a guardian."""
    people = city().persons
    child = next(each for each in people if each.guardians and each.age < 12)
    return child, next(each for each in people if each.number == child.guardians[0])


def agreeing(racing: Racer) -> Mapping[str, Any]:
    realm(racing)
    child, guardian = a_family()
    racing.ask("register_person", name=child.name, id_number=child.number)
    _enter(racing, guardian.name, guardian.number)
    return {"child_number": child.number, "child_name": child.name}


def revoking(racing: Racer) -> Mapping[str, Any]:
    return {"consent_id": racing.ask("agree_for_child", **agreeing(racing))["consent_id"]}


RACES: Mapping[str, Make] = {
    "identity.change_password": lambda racing: {**confirmed(racing), "new_password": "seven purple trees"},
    "identity.set_username": lambda racing: {**confirmed(racing), "username": "lin.jing"},
    "identity.begin_totp": confirmed,
    "identity.finish_totp": finishing_totp,
    "identity.make_recovery_codes": confirmed,
    "identity.begin_adding_passkey": adding_passkey,
    "identity.name_sign_in_method": naming,
    "identity.agree_for_child": agreeing,
    "identity.revoke_for_child": revoking,
}
ELSEWHERE = dict.fromkeys(
    ("identity.confirm_identity", "identity.send_confirmation_code", "identity.finish_adding_passkey",
     "identity.remove_sign_in_method"),
    "tests/integration/identity/test_credentials_on_postgresql.py")
"""Each of them is limited, or uses up what it is shown: whoever comes late is refused, and not in conflict."""
