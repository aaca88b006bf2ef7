"""Arguments for the methods of identity."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.benchmarks.methods.recipes import Recipe, Repeated, UsesUp
from tests.benchmarks.methods.scene import OFFSET, Scene, credit_code, id_number


def _change(kind: str, reason: str) -> UsesUp:
    return UsesUp(kind, lambda subject: {"subject_id": subject["subject_id"], "reason": reason}, most=1000)


def _register(scene: Scene, n: int) -> dict[str, Any]:
    # Beside those of the scene, whose numbers begin at 0.
    return {"name": "林静", "id_number": id_number(OFFSET + n), "mobile": "13800000001"}


RECIPES: Mapping[str, Recipe] = {
    "register_person": Repeated(_register),
    "register_organisation": Repeated(lambda scene, n: {"name": "示范餐饮有限公司", "credit_code": credit_code(n)}),
    "find_subject": Repeated(lambda scene, n: {"id_number": scene.thing("subject", n)["id_number"]}),
    # The sandbox authority confirms its own population, and no other persons.
    "add_evidence": UsesUp("person-of-the-population", lambda subject: {
        "subject_id": subject["subject_id"], "kind": "name-number-match"}, most=150),
    "freeze_subject": _change("subject", "under-investigation"),
    "unfreeze_subject": _change("frozen-subject", "investigation-closed"),
    "close_subject": _change("subject", "person-deceased"),
}
