"""Arguments for the methods of matter."""
from __future__ import annotations

from collections.abc import Mapping

from shared_components.runtime.discovery import contract_of
from tests.benchmarks.methods.recipes import NotMeasured, Recipe, Repeated, UsesUp
from tests.benchmarks.methods.scene import case_request

EXAMPLES = contract_of("matter").examples
ENGINE = "each call needs a case that the engine has brought to this step; the rows matter.case.* measure cases"
DESK = "each call needs an officer's session, and a case that the engine has brought to the officer's step"
FILE = "each call needs a ticket or a file of its own, and a file comes by the gateway; a file's time is its transfer"

RECIPES: Mapping[str, Recipe] = {
    "bootstrap": NotMeasured("it is called once at a deployment, and reads all definitions of the kit"),
    "publish_definition": NotMeasured("it is called once a version of a matter, and asks four services what they have"),
    "start_case": Repeated(case_request),
    "save_form": UsesUp("draft", lambda case: {
        "case_id": case["case_id"], "form": EXAMPLES.of_method("save_form")["request"]["form"]}, most=300),
    "submit_case": UsesUp("draft", lambda case: {"case_id": case["case_id"]}, most=300),
    "withdraw_case": UsesUp("draft", lambda case: {"case_id": case["case_id"]}, most=300),
    "list_cases": Repeated(lambda scene, n: {"applicant_subject": scene.thing("draft", n)["applicant_subject"]}),
    **{name: NotMeasured(DESK) for name in (
        "list_tasks", "get_task", "claim_task", "release_task", "complete_task", "request_supplement",
        "answer_supplement", "pause_case", "resume_case", "compensate_case", "run_step_now", "skip_step",
        "escalate_case", "delegate_task", "decide_acceptance", "extend_case", "stop_clock", "restart_clock",
        "rate_case",
        "list_ratings", "answer_rating", "appeal_rating", "decide_appeal")},
    **{name: NotMeasured(FILE) for name in (
        "request_upload", "list_materials", "request_download", "remove_material", "reuse_material", "open_upload",
        "finish_upload", "take_download", "list_documents", "request_document", "take_document")},
    "choose_channel": NotMeasured(ENGINE), "receive_callback": NotMeasured(ENGINE), "retry_step": NotMeasured(ENGINE),
}
