"""Arguments for the methods of elicence."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared_components.runtime.discovery import contract_of
from tests.benchmarks.methods.recipes import Recipe, Repeated, UsesUp
from tests.benchmarks.methods.scene import Scene, licence_request

PUT_TYPE = contract_of("elicence").examples.of_method("put_type")["request"]


def _change(reason: str) -> UsesUp:
    return UsesUp("licence", lambda licence: {"licence_id": licence["licence_id"], "reason": reason})


def _present(scene: Scene, n: int) -> dict[str, Any]:
    licence = scene.thing("licence", n)
    return {"licence_id": licence["licence_id"], "holder_subject": licence["holder_subject"], "purpose": "路面执勤核验"}


RECIPES: Mapping[str, Recipe] = {
    "put_type": Repeated(lambda scene, n: PUT_TYPE),
    "issue": Repeated(lambda scene, n: licence_request(n, scope=scene.run)),
    "list_by_holder": Repeated(lambda scene, n: {"holder_subject": scene.thing("licence", n)["holder_subject"]}),
    "present": Repeated(_present),
    "verify": UsesUp("presentation", lambda shown: {"code": shown["code"]}),
    "suspend": _change("暂扣"), "revoke": _change("撤销"), "cancel": _change("注销"), "withdraw": _change("吊销"),
    "transfer_out": _change("转出"),
    "resume": UsesUp("suspended-licence", lambda licence: {"licence_id": licence["licence_id"], "reason": "发还"}),
}
