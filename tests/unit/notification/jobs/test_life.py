"""The life of a job: from its file to its messages, and how it is steered."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.notification.jobs.domain.errors import (
    JobFileSizeDiffers,
    JobNotInState,
    JobsTooMany,
    JobTemplateRefused,
    JobTicketInvalid,
    JobUnknown,
)
from services.notification.jobs.domain.job import MOST_OPEN
from services.notification.jobs.schemas import FinishJobUpload
from services.notification.jobs.usecases import accept_rows, run_jobs
from services.notification.jobs.usecases.steer_job import cancel_job, pause_job, resume_job
from services.notification.jobs.usecases.upload import finish_job_upload
from shared_components.material_store import MaterialMissing
from tests.unit.notification.jobs.world import HEADER, JobWorld

ROWS = "".join(f"citizen-{number}@example.cn,张三,{number},\n" for number in range(1, 8))


def test_every_row_becomes_one_message_of_the_app_in_the_bulk_class(jobs: JobWorld) -> None:
    job_id = jobs.given(HEADER + ROWS)
    assert jobs.job(job_id).job.state_label == "名单检查中"
    jobs.run()
    told = jobs.job(job_id)
    assert (told.job.state, told.job.rows, told.job.accepted) == ("finished", 7, 7)
    assert [(one.state, one.count) for one in told.messages] == [("created", 7)]
    assert jobs.world.event_types() == ["bulk-message-accepted"] * 7
    sent = [jobs.world.message(message_id) for message_id in jobs.ids()]
    assert [one.address for one in sent] == ["c***@example.cn"] * 7
    assert {(one.reference, one.message_class) for one in sent} == {(job_id, "bulk")}
    for message_id in jobs.ids():
        jobs.world.deliver(message_id)
    # Ids sort by row, so that messages are listed as the file has them.
    assert [letter.body for letter in jobs.world.mailer.letters] == [f"应缴 {number} 元" for number in range(1, 8)]
    assert [(one.state, one.count) for one in jobs.job(job_id).messages] == [("sent", 7)]


def test_a_column_or_the_job_gives_the_reference(jobs: JobWorld) -> None:
    jobs.given("address,name,amount,reference\nz@example.cn,张三,1,case_1\nl@example.cn,李四,2,\n", reference="batch-5")
    jobs.run()
    assert [jobs.world.message(message_id).reference for message_id in jobs.ids()] == ["case_1", "batch-5"]


def test_a_job_keeps_the_version_that_was_in_force_when_it_was_made(jobs: JobWorld) -> None:
    job_id = jobs.given(HEADER + "z@example.cn,张三,1,\n")
    jobs.world.put(template_code="tax-due", channel="email", subject="新", body="新正文")
    jobs.run()
    jobs.world.deliver(jobs.ids()[0])
    assert jobs.world.mailer.letters[0].body == "应缴 1 元"
    assert jobs.job(job_id).job.template_version == 1


def test_a_held_job_waits_after_its_check(jobs: JobWorld) -> None:
    job_id = jobs.given(HEADER + ROWS, hold=True)
    jobs.run()
    assert (jobs.job(job_id).job.state, jobs.job(job_id).job.rows, jobs.ids()) == ("paused", 7, [])
    jobs.steer(resume_job, job_id)
    jobs.run()
    assert (jobs.job(job_id).job.state, len(jobs.ids())) == ("finished", 7)


def test_pausing_and_cancelling_hold_from_their_answer_on(jobs: JobWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accept_rows, "CHUNK", 2)
    job_id = jobs.given(HEADER + ROWS)
    stopped = iter([pause_job, cancel_job])
    noted = accept_rows._note

    def note(*given: Any) -> bool:
        goes_on = noted(*given)
        jobs.steer(next(stopped), job_id)
        return goes_on

    monkeypatch.setattr(accept_rows, "_note", note)
    jobs.run()
    assert (jobs.job(job_id).job.state, jobs.job(job_id).job.accepted, len(jobs.ids())) == ("paused", 2, 2)
    jobs.steer(resume_job, job_id)
    jobs.world.clock.advance(timedelta(seconds=5))
    jobs.run()
    assert (jobs.job(job_id).job.state, jobs.job(job_id).job.accepted, len(jobs.ids())) == ("cancelled", 4, 4)
    with pytest.raises(JobNotInState):
        jobs.steer(resume_job, job_id)


def test_a_job_that_is_checked_can_be_cancelled_and_paused_and_not_resumed(jobs: JobWorld) -> None:
    """Resuming would send what was not checked."""
    cancelled, paused = jobs.given(HEADER + ROWS), jobs.given(HEADER + ROWS)
    with pytest.raises(JobNotInState):
        jobs.steer(resume_job, paused)
    jobs.steer(cancel_job, cancelled)
    for _ in range(2):
        assert jobs.steer(pause_job, paused).hold
        jobs.run()
    assert (jobs.job(paused).job.state, jobs.ids()) == ("paused", [])


def test_no_more_rows_are_accepted_than_wait_for_delivery(jobs: JobWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accept_rows, "CHUNK", 2)
    monkeypatch.setattr(accept_rows, "WINDOW", 3)
    job_id = jobs.given(HEADER + ROWS)
    jobs.run()
    assert len(jobs.ids()) == 4
    for message_id in jobs.ids():
        jobs.world.deliver(message_id)
    jobs.world.clock.advance(timedelta(seconds=2))
    jobs.run()
    assert (len(jobs.ids()), jobs.job(job_id).job.state) == (7, "finished")


def test_the_file_goes_when_the_job_is_over(jobs: JobWorld) -> None:
    done, going = jobs.given(HEADER + ROWS), jobs.given(HEADER + ROWS, hold=True)
    jobs.run()
    assert run_jobs.drop_files(jobs.world, jobs.files) == 1
    with pytest.raises(MaterialMissing):
        jobs.store.read(done)
    assert list(jobs.store.read(going))
    assert jobs.job(done).job.state == "finished"


def test_a_file_that_never_came_cancels_its_job(jobs: JobWorld) -> None:
    job_id = jobs.create(10).job.job_id
    jobs.world.clock.advance(timedelta(minutes=61))
    run_jobs.drop_files(jobs.world, jobs.files)
    assert jobs.job(job_id).job.state == "cancelled"


def test_a_file_that_is_gone_is_told(jobs: JobWorld) -> None:
    checked, sending = jobs.given(HEADER + ROWS), jobs.given(HEADER + ROWS, hold=True)
    jobs.store.remove(checked)
    jobs.run()
    assert (jobs.job(checked).job.state, jobs.problems(checked)[0].code) == ("refused", "file-missing")
    jobs.store.remove(sending)
    jobs.steer(resume_job, sending)
    jobs.run()
    assert (jobs.job(sending).job.state, jobs.problems(sending)[0].code) == ("refused", "file-missing")


def test_a_ticket_is_good_once_and_for_half_an_hour(jobs: JobWorld) -> None:
    content = (HEADER + ROWS).encode()
    late, used = jobs.create(len(content)), jobs.create(len(content))
    jobs.upload(used.path, content)
    with pytest.raises(JobTicketInvalid):
        jobs.upload(used.path, content)
    jobs.world.clock.advance(timedelta(minutes=31))
    with pytest.raises(JobTicketInvalid):
        jobs.upload(late.path, content)
    other = FinishJobUpload().load({
        "ticket": jobs.create(5).path.rpartition("/")[2], "size": 6, "media_type": "text/csv", "sha256": "0" * 64})
    with pytest.raises(JobFileSizeDiffers):
        finish_job_upload(jobs.world, other, "zh-CN")


def test_codes_and_inboxes_are_not_for_jobs(jobs: JobWorld) -> None:
    jobs.world.put(template_code="login", channel="sms", subject=None, body="验证码 ((code))", purpose="code")
    jobs.world.put(template_code="note", channel="inbox", subject="标题", body="正文")
    for code, channel in (("login", "sms"), ("note", "inbox")):
        with pytest.raises(JobTemplateRefused):
            jobs.create(10, template_code=code, channel=channel)


def test_another_app_sees_and_steers_nothing(jobs: JobWorld) -> None:
    job_id = jobs.given(HEADER + ROWS, hold=True)
    for attempt in (lambda: jobs.job(job_id, "app-other"), lambda: jobs.steer(cancel_job, job_id, "app-other")):
        with pytest.raises(JobUnknown):
            attempt()


def test_open_jobs_of_an_app_are_limited(jobs: JobWorld) -> None:
    made = [jobs.create(10).job.job_id for _ in range(MOST_OPEN)]
    with pytest.raises(JobsTooMany):
        jobs.create(10)
    jobs.steer(cancel_job, made[0])
    assert jobs.create(10)
