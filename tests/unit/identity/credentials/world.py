"""A realm with persons, on real tables and keys, with hashes that are quick to compute."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from services.identity.credentials.adapters.argon2 import Argon2Hasher, Parameters
from services.identity.credentials.domain.credential import PASSWORD, Credential
from services.identity.credentials.domain.policy import CredentialPolicy
from services.identity.credentials.domain.proof import Proof
from services.identity.credentials.usecases.codes import CodeSent, ProveCode, SendCode, prove_code, send_code
from services.identity.credentials.usecases.confirmations import Owner, confirm
from services.identity.credentials.usecases.contacts import learn_registered
from services.identity.credentials.usecases.messages import deliver_code
from services.identity.credentials.usecases.prove_password import ProvePassword, prove_password
from shared_components.bus import RealThreads
from shared_components.kernel.calls import CallContext
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.ids import new_id
from shared_components.kernel.numbers import complete_resident_id
from tests.unit.identity import realms
from tests.unit.identity.conftest import AT
from tests.unit.identity.worlds import SqlTransactions

REALM = realms.REALM
LOGIN = CallContext("gateway", REALM, op_id="op-1")
QUICK = Parameters(memory_kib=64, passes=1)
RIGHT, WRONG = "correct horse battery", "wrong horse battery"
T = TypeVar("T")


@dataclass
class Outbox:
    """Satisfies CodeSender; sends a repeated key once."""

    sent: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def send(self, *, key: str, **message: Any) -> None:
        self.sent.setdefault(key, message)

    @property
    def last_code(self) -> str:
        code: str = list(self.sent.values())[-1]["values"]["code"]
        return code


class World:
    def __init__(self, folder: Path, policy: CredentialPolicy | None = None, url: str | None = None) -> None:
        self.clock = FixedClock(AT)
        self.transactions = SqlTransactions(folder, self.clock, url=url)
        self.transactions.credential_policy = policy or CredentialPolicy()
        self.hasher = Argon2Hasher(RealThreads(2, waiting=8), QUICK)
        self.outbox = Outbox()
        realms.create_city(self.transactions)
        self.numbers: dict[str, str] = {}

    def person(self, *, born: str = "19900307", password: str | None = RIGHT, **data: Any) -> str:
        """Register a person, whose document number is then `number_of`; gives the subject's id."""
        number = complete_resident_id(f"330106{born}{len(self.numbers) + 1:03d}")
        subject_id = realms.register(self.transactions, realms.context(), id_number=number, **data).subject_id
        self.numbers[subject_id] = number
        learn_registered(self.transactions, realms.FIRST, subject_id)
        if password is not None:
            self.in_tx(lambda tx: self.give_password(tx, subject_id, password))
        return subject_id

    def give_password(self, tx: Any, subject_id: str, password: str = RIGHT) -> None:
        now = self.clock.now()
        tx.credentials.add([Credential(
            new_id("crd"), REALM, subject_id, PASSWORD, now, now, self.hasher.hash(password))])

    def sign_in(
        self, identifier: str, password: str = RIGHT, *, device: str | None = None, address: str = "10.0.0.1",
    ) -> Proof:
        return prove_password(
            self.transactions, self.hasher, ProvePassword(REALM, identifier, password, device, address), LOGIN)

    def ask_code(self, identifier: str, *, binding: str = "browser-1", address: str = "10.0.0.1") -> CodeSent:
        """Ask for a code, and let it be delivered."""
        sent = send_code(
            self.transactions, SendCode(REALM, identifier, "email", binding, None, address), LOGIN)
        deliver_code(self.transactions, self.outbox, REALM, sent.challenge_id)
        return sent

    def show_code(
        self, sent: CodeSent, code: str, *, binding: str = "browser-1", address: str = "10.0.0.1",
        device: str | None = None,
    ) -> Proof:
        return prove_code(
            self.transactions, ProveCode(REALM, sent.challenge_id, code, binding, device, address), LOGIN)

    def owner(self, subject_id: str, session_id: str = "ses_1") -> Owner:
        return Owner(REALM, subject_id, session_id)

    def confirmed(self, owner: Owner, proof: Proof | None = None) -> str:
        """The token of a fresh proof: by password where none is given."""
        shown = proof or Proof(owner.subject_id, "pwd", self.clock.now(), "crd_1")
        return self.in_tx(lambda tx: confirm(tx, owner, shown)).token

    def in_tx(self, do: Callable[[Any], T], tenant: str = REALM) -> T:
        with self.transactions.begin(tenant) as tx:
            return do(tx)

    def wait(self, **by: float) -> None:
        self.clock.advance(timedelta(**by))

    def evidence(self) -> list[Mapping[str, Any]]:
        """Records of the evidence log of the realm, oldest first."""
        import orjson
        from sqlalchemy import text

        with self.transactions.database.reading(["*"]) as session:
            bodies = session.execute(text("SELECT body FROM evidence_records ORDER BY record_id")).scalars()
            return [orjson.loads(body) for body in bodies]


def limited(**limits: int) -> CredentialPolicy:
    """The policy with fewer attempts of some counters."""
    policy = CredentialPolicy()
    changed = {name: replace(getattr(policy.limits, name), attempts=most) for name, most in limits.items()}
    return replace(policy, limits=replace(policy.limits, **changed))
