"""Arguments for the methods of notification."""
from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.methods.recipes import NotMeasured, Recipe, Repeated, UsesUp
from tests.benchmarks.methods.scene import message_request

WEBHOOKS = "an app has at most 20 webhooks, which is too few calls for a figure"
KEYS = "a Notify key makes it ready, at most 20 an app; the load has none"
JOBS = "a job begins with a file, which goes over HTTP; the load has none"
PUT_TEMPLATE = {"template_code": "bench", "channel": "inbox", "body": "((name))，您好。"}

RECIPES: Mapping[str, Recipe] = {
    "put_template": Repeated(lambda scene, n: PUT_TEMPLATE),
    "preview": Repeated(lambda scene, n: {"template_code": "bench", "channel": "inbox", "values": {"name": "林静"}}),
    "send": Repeated(message_request),
    "list": Repeated(lambda scene, n: {"reference": scene.thing("message", n)["reference"]}),
    "inbox": Repeated(lambda scene, n: {"recipient_subject": scene.thing("message", n)["recipient_subject"]}),
    "mark_read": UsesUp("message", lambda message: {"message_id": message["message_id"]}),
    "get_template": Repeated(lambda scene, n: {"template_code": "bench", "channel": "inbox"}),
    "approve_template": NotMeasured("another person than the writer approves, once a version"),
    "file_template": NotMeasured("a text template is filed once, with a provider that is configured"),
    "record_receipt": NotMeasured("its provider signs it, and the rows of delivery have it"),
    "cancel": NotMeasured("only a message that waits can be cancelled, and the sender is quicker than the load"),
    "create_notify_key": NotMeasured(KEYS), "revoke_notify_key": NotMeasured(KEYS),
    "identify_notify_caller": NotMeasured(KEYS), "send_by_notify": NotMeasured(KEYS),
    "get_by_notify": NotMeasured(KEYS), "get_notify_template": NotMeasured(KEYS),
    "preview_notify_template": NotMeasured(KEYS),
    **{name: NotMeasured(JOBS) for name in (
        "create_job", "open_job_upload", "finish_job_upload", "get_job", "list_jobs", "list_job_problems",
        "pause_job", "resume_job", "cancel_job")},
    "put_webhook": NotMeasured(WEBHOOKS), "remove_webhook": NotMeasured(WEBHOOKS),
    "resend_webhook": NotMeasured("each call needs a delivery, and the sandbox has no app that is delivered to"),
}
