"""Arguments for the methods of identity."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.benchmarks.methods.recipes import NotMeasured, Recipe, Repeated, UsesUp
from tests.benchmarks.methods.scene import OFFSET, Scene, app_request, credit_code, department_request, id_number

RARE = "a rare act on an entry of the directory, each in a state of its own; reads and new entries have rows"
RARE_FOR_PERSONS = "needs a citizen's session, and is a rare act"


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
    "add_department": Repeated(lambda scene, n: department_request(OFFSET // 2 + n)),
    "rename_department": Repeated(lambda scene, n: {
        "department_id": scene.thing("department", n)["department_id"], "name": f"示范局{n % 7 + 1}号"}),
    "register_app": Repeated(lambda scene, n: app_request(scene, OFFSET + n)),
    "get_app": Repeated(lambda scene, n: {"app": scene.thing("app", n)["app"]}),
    "freeze_app": UsesUp("app", lambda app: {"app": app["app"]}, most=200),
    "close_app": UsesUp("app", lambda app: {"app": app["app"]}, most=200),
    **dict.fromkeys((
        "add_membership", "end_membership", "change_app", "change_credit_code", "close_department", "merge_department",
        "move_department", "request_production", "decide_production", "issue_app_key", "revoke_app_key", "unfreeze_app",
    ), NotMeasured(RARE)),
    **dict.fromkeys((
        "prove_representation", "appoint_agent", "accept_mandate", "refuse_mandate", "revoke_mandate", "get_mandate",
        "list_mandates", "list_mandate_changes", "list_upstream_links", "remove_upstream_link",
        "submit_personal_request", "get_personal_request", "list_personal_requests", "cancel_personal_request",
        "get_personal_copy", "list_requests_to_decide", "decide_personal_request",
    ), NotMeasured(RARE_FOR_PERSONS)),
    **dict.fromkeys((
        "begin_login", "read_login", "continue_login", "offer_passkey", "offer_new_passkey", "return_from_upstream",
        "read_account", "change_account", "sign_out",
    ), NotMeasured("a step of a person's login or account that only the gateway calls")),
    **dict.fromkeys((
        "oauth_metadata", "oauth_keys", "oauth_push", "oauth_authorize", "oauth_token", "oauth_introspect",
        "oauth_revoke", "oauth_userinfo", "oauth_end_session", "oauth_app_token",
    ), NotMeasured("an endpoint of the login that only the gateway calls; identity.client_credentials has a row")),
    **dict.fromkeys(
        ("list_consents", "revoke_consent"), NotMeasured("needs the session of a citizen, which the bench lacks")),
    **dict.fromkeys((
        "send_confirmation_code", "confirm_identity", "change_password", "set_username", "remove_sign_in_method",
        "make_recovery_codes", "begin_totp", "finish_totp", "begin_adding_passkey", "finish_adding_passkey",
        "name_sign_in_method", "list_sign_in_methods", "agree_for_child", "revoke_for_child", "list_for_children",
    ), NotMeasured("a person's own act in their own session, minutes after a fresh proof; identity.login is measured")),
    "merge_subjects": NotMeasured("a rare act of an operator on two subjects of one person, each of which it uses up"),
    **dict.fromkeys(("list_sessions", "end_session", "end_other_sessions"), NotMeasured(
        "a person's own act in a session; row identity.refresh measures the tables")),
    "introspect_token": NotMeasured("rows identity.introspect_token.concurrent and .cold measure it with live tokens"),
}
