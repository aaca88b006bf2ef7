"""Cases of the demonstration matter over HTTP, begun in one phase of an upgrade and ended in another."""
from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.identity.sandbox.population import PERSONS
from shared_components.devstack.sandbox import HOSPITAL_KEY_ID, seed_of_matter
from shared_components.security.request_signing import sign
from tests.faults import payments
from tests.faults.upgrading import HOSPITAL_KEY, TENANT, Upgrade

EVIDENCE: dict[str, dict[str, str]] = {
    "name-number-match": {}, "proof-of-presence": {"presence_token": "sandbox-present"}}
TIMEOUT_S, STEP_S, DAYS_LEFT = 30.0, 60.0, 60


class Journey:
    """person: which of the sandbox's population applies. error: why the case did not end; empty when it did."""

    def __init__(self, made: Upgrade, name: str, person: int) -> None:
        self._made, self.name, self.error = made, name, ""
        self._id_number, self._person = list(PERSONS.items())[person]
        self._seed = seed_of_matter()
        self._calls = 0
        self._subject = self._case = ""

    def begin(self) -> None:
        """Register, hold a licence, apply; until the case waits for the hospital."""
        self._guarded(self._begin)

    def end(self) -> None:
        """The hospital calls back, the citizen pays, the licence is issued."""
        if not self.error:
            self._guarded(self._end)

    def _guarded(self, part: Callable[[], None]) -> None:
        try:
            part()
        except Exception as error:
            self.error = f"{part.__name__.strip('_')}: {type(error).__name__}: {error}"[:500]

    def _begin(self) -> None:
        person = self._call("identity.register_person", name=self._person, id_number=self._id_number)
        self._subject = person["subject_id"]
        for kind, data in EVIDENCE.items():
            self._call("identity.add_evidence", subject_id=self._subject, kind=kind, data=data)
        self._issue_prior_licence()
        example = self._seed["example"]
        case = self._call("matter.start_case", matter_code=example["matter_code"], applicant_subject=self._subject,
                          form=example["form"])  # fmt: skip
        self._case = case["case_id"]
        self._call("matter.submit_case", case_id=self._case)
        self._await("medical", "waiting")

    def _issue_prior_licence(self) -> None:
        prior, ends = self._seed["example"]["prior_licence"], _today() + timedelta(days=DAYS_LEFT)
        self._made.operator.elicence.issue(
            type_code=prior["type_code"], issuer_code=prior["issuer_code"], issuer_name=prior["issuer_name"],
            holder_subject=self._subject, holder_name=self._person, holder_id_type="111",
            holder_id_number=self._id_number, content=prior["content"],
            valid_from=ends.replace(year=ends.year - prior["validity_years"]).isoformat(),
            valid_until=ends.isoformat(), op_id=f"licence-{self.name}", timeout_s=TIMEOUT_S)  # fmt: skip

    def _end(self) -> None:
        self._call_back()
        step = self._await("pay", "waiting", lambda found: "pay_url" in found["result"])
        payments.confirm(
            self._made.gateway, self.name, step["result"]["order_id"], TIMEOUT_S, tenant=TENANT)
        self._await("issue", "completed")
        held = self._call("elicence.list_by_holder", holder_subject=self._subject)["items"]
        versions = sorted(one["version"] for one in held)
        if versions != [1, 2]:
            raise AssertionError(f"versions of the licence are {versions}; [1, 2] was expected")

    def _call_back(self) -> None:
        callback = {**self._seed["example"]["callback"], "case_id": self._case, "callback_id": f"exam-{self.name}"}
        callback["result"] = {**callback["result"], "examined_on": _today().isoformat()}
        body = json.dumps(callback).encode()
        until = time.monotonic() + TIMEOUT_S
        while True:
            signed = sign(body, key_id=HOSPITAL_KEY_ID, key=HOSPITAL_KEY.encode(), at=datetime.now(UTC))
            taken = self._made.http.post(f"/callbacks/matter/{self._case}/medical", body, signed)
            if taken is not None and taken.status_code == 200:
                return
            if time.monotonic() > until or (taken is not None and taken.status_code < 500):
                raise AssertionError(f"the hospital's callback: {taken.text if taken else 'no connection'}")
            time.sleep(0.3)

    def _await(
        self, name: str, state: str, also: Callable[[dict[str, Any]], bool] = lambda step: True,
    ) -> dict[str, Any]:
        until = time.monotonic() + STEP_S
        while True:
            case = self._call("matter.get_case", case_id=self._case)
            step: dict[str, Any] = next(one for one in case["steps"] if one["step"] == name)
            if step["state"] == state and also(step):
                return step
            if time.monotonic() > until or step["state"] in ("refused", "stuck", "cancelled"):
                raise AssertionError(f"step {name} is '{step['state']}' ({step['error']}); '{state}' was expected")
            time.sleep(0.3)

    def _call(self, target: str, **request: Any) -> Any:
        service, _, method = target.partition(".")
        self._calls += 1
        return self._made.http.call(service, method, request, op_id=f"{self.name}-{self._calls}", timeout_s=TIMEOUT_S)


def _today() -> date:
    return datetime.now(UTC).date()
