"""The examples of sign-in methods and guardians, as persons use them one after the other."""
from __future__ import annotations

import re
from collections.abc import Iterable
from email.message import EmailMessage
from typing import Any

import pyotp

from tests.cases.credential_races import a_family
from tests.unit.identity.credentials.authenticator import ORIGIN, RP_ID, Authenticator

SETTINGS = {"passkeys": {"rp_id": RP_ID, "name": "示范市", "origins": [ORIGIN]}}


def sign_in_methods(story: Any, person: str) -> None:
    """A person confirms by a code in her mailbox, sets a password, and adds an authenticator app and a passkey."""
    story.enter(person)
    sent = story.send("identity.send_confirmation_code")["challenge_id"]
    code = story.wait(lambda: code_in(story.world.sent_mails()))
    token = story.send("identity.confirm_identity", challenge_id=sent, secret=code)["token"]
    story.send("identity.change_password", confirmation=token)
    password = story.examples["identity"]["methods"]["change_password"]["request"]["new_password"]
    token = story.ask("identity.confirm_identity", method="password", secret=password)["token"]
    story.send("identity.set_username", confirmation=token)
    made = story.send("identity.begin_totp", confirmation=token)
    first = pyotp.TOTP(made["secret"]).now()
    story.send("identity.finish_totp", confirmation=token, credential_id=made["credential_id"], code=first)
    story.send("identity.make_recovery_codes", confirmation=token)
    asked = story.send("identity.begin_adding_passkey", confirmation=token)
    added = story.send("identity.finish_adding_passkey", challenge_id=asked["challenge_id"],
                       response=Authenticator().register(asked["options"]))["credential_id"]
    story.send("identity.name_sign_in_method", credential_id=added)
    story.send("identity.list_sign_in_methods")
    story.send("identity.remove_sign_in_method", confirmation=token, credential_id=added)
    story.enter(None)


def code_in(mails: Iterable[EmailMessage]) -> str | None:
    """The code of the last mail that has one."""
    found = [re.search(r"(?<!\d)(\d{6})(?!\d)", mail.get_content()) for mail in mails if "验证码" in mail["Subject"]]
    return found[-1][1] if found and found[-1] else None


def guardians(story: Any) -> None:
    child, guardian = a_family()
    story.ask("identity.register_person", name=child.name, id_number=child.number)
    story.enter(story.ask("identity.register_person", name=guardian.name, id_number=guardian.number)["subject_id"])
    given = story.send("identity.agree_for_child", child_number=child.number, child_name=child.name)["consent_id"]
    story.send("identity.list_for_children")
    story.send("identity.revoke_for_child", consent_id=given)
    story.enter(None)
