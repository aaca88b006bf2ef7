"""Make a job; its file is uploaded to the gateway by stream."""
from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.notification.common.channels import INBOX, check_channel, known_locale
from services.notification.jobs.domain.errors import JobsTooMany, JobTemplateRefused
from services.notification.jobs.domain.job import AWAITED, MOST_OPEN, UPLOAD_FOR, Job
from services.notification.jobs.usecases.ports import HasJobs
from services.notification.jobs.usecases.upload import digest_of
from services.notification.jobs.usecases.views import NewJobView, job_view
from services.notification.templates.domain.template import CODE
from services.notification.templates.usecases.choose_template import (
    ChooseTemplateTx,
    Wish,
    choose_templates,
    owner,
    require,
)
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock
from shared_components.material_store import KEY_BYTES

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

UPLOADS = "/jobs/uploads"


class CreateJobTx(ChooseTemplateTx, HasClock, HasJobs, Protocol):
    """The part of a transaction that making a job needs."""


@dataclass(frozen=True, slots=True)
class CreateJob:
    """size: of the file in bytes. hold: whether the job waits for resume_job once its file was checked.

    app: whose the job is, when an operator makes it. locale: None takes the call's.
    """

    template_code: str
    channel: str
    size: int
    hold: bool = False
    reference: str | None = None
    locale: str | None = None
    app: str | None = None


def create_job(tx: CreateJobTx, command: CreateJob, context: CallContext) -> NewJobView:
    """Give a path for the file, for half an hour.

    Raises ChannelNotBuilt, TemplateUnknown, TemplateNotApproved, JobTemplateRefused, JobsTooMany, AppNotAllowed.
    """
    app, channel = context.maker(command.app), check_channel(command.channel)
    if channel == INBOX:
        raise JobTemplateRefused(Bilingual(
            "channel is 'inbox'; jobs send email and sms, and send takes inbox messages",
            "渠道为 inbox；批量任务只发送 email 和 sms，站内信请用 send"))
    wish = Wish(
        context.tenant, owner(context), command.template_code, channel, command.locale or known_locale(context.locale))
    (chosen,) = choose_templates(tx, [(context, wish)])
    template = require(chosen)
    if template.purpose == CODE:
        raise JobTemplateRefused(Bilingual(
            f"template {template.key.code!r} is for one-time codes; jobs send notices and promotions",
            f"模板“{template.key.code}”用于验证码；批量任务只发送通知和宣传"))
    if tx.jobs.count_open_alone(context.tenant, app) >= MOST_OPEN:
        raise JobsTooMany(
            Bilingual(
                f"there are {MOST_OPEN} jobs that are not over, and no more are allowed; wait, or cancel one",
                f"已有 {MOST_OPEN} 个未结束的批量任务，不能再增加；请等待或取消一个"), details={"limit": MOST_OPEN})
    job_id, ticket, now = new_id("job"), secrets.token_urlsafe(32), tx.clock.now()
    job = Job(
        job_id=job_id, tenant=context.tenant, app=app, template=template.key, template_version=template.version,
        reference=command.reference, hold=command.hold, state=AWAITED, size=command.size, content_id=job_id,
        key=os.urandom(KEY_BYTES), ticket_digest=digest_of(ticket), ticket_until=now + UPLOAD_FOR, created_at=now)
    tx.jobs.add(job)
    return NewJobView(job_view(job, context.locale), f"{UPLOADS}/{ticket}", job.ticket_until)
