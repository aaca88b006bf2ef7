"""Files of recipients: encodings, broken forms, and what is wrong with cells, by row and column."""
from __future__ import annotations

import codecs

import pytest

from services.notification.jobs.domain.problems import MOST_KEPT, Problem
from services.notification.jobs.domain.seen_rows import SeenRows
from services.notification.jobs.usecases.read_jobs import ListJobProblems, list_job_problems
from shared_components.kernel.calls import Call
from shared_components.kernel.paging import PageView
from tests.unit.notification.jobs.world import HEADER, JobWorld, as_app

GOOD = "zhang@example.cn,张三,120,\n"


def refused(jobs: JobWorld, content: str | bytes) -> list[Problem]:
    """The problems of a file; nothing of it was sent."""
    job_id = jobs.given(content)
    jobs.run()
    told = jobs.job(job_id)
    assert (told.job.state, told.job.accepted, jobs.ids()) == ("refused", 0, [])
    problems = jobs.problems(job_id)
    assert told.job.problem_count == sum(one.count for one in told.job.problem_counts) >= len(problems) > 0
    return problems


@pytest.mark.parametrize("content", [
    (HEADER + GOOD).encode(),
    codecs.BOM_UTF8 + (HEADER + GOOD).encode(),
    (HEADER + GOOD).encode("gb18030"),
    (HEADER + GOOD).replace("\n", "\r\n").encode(),
    (HEADER + GOOD).replace("\n", "\r").encode(),
    (HEADER + GOOD + "\n,,,\n\n").encode(),
    b'"address","name","amount","note"\r\n"zhang@example.cn","\xe5\xbc\xa0\xe4\xb8\x89","120",""',
    ("收件地址,name,amount\n" + "zhang@example.cn,张三,120").encode("gb18030"),
    (" email address , name ,amount,关联编号\n" + " zhang@example.cn , 张三 ,120,r-1").encode(),
])
def test_what_spreadsheets_save_is_read(jobs: JobWorld, content: bytes) -> None:
    job_id = jobs.given(content)
    jobs.run()
    assert (jobs.job(job_id).job.state, jobs.job(job_id).job.rows) == ("finished", 1)
    (message_id,) = jobs.ids()
    jobs.world.deliver(message_id)
    (letter,) = jobs.world.mailer.letters
    assert (letter.address, letter.subject, letter.body) == ("zhang@example.cn", "张三，请缴税", "应缴 120 元")


@pytest.mark.parametrize(("content", "problem"), [
    (b"", Problem("file-empty")),
    (HEADER.encode(), Problem("file-empty")),
    ((HEADER + GOOD).encode("utf-16"), Problem("file-encoding")),
    ((HEADER + GOOD).encode() + b"\xff\xff", Problem("file-encoding")),
    ((HEADER + GOOD + '"li@example.cn,李四').encode(), Problem("quotes-broken", 3)),
    ((HEADER + GOOD + '"li"x@example.cn,李四,1,').encode(), Problem("quotes-broken", 3)),
    ((HEADER + GOOD + "x" * 200_000).encode(), Problem("line-too-long", 3)),
    (("name,amount\n" + "张三,1\n").encode(), Problem("column-missing", 1, "address")),
    (("address,name\n" + "z@example.cn,张三\n").encode(), Problem("column-missing", 1, "amount")),
    (("address,name,amount,nmae\n" + GOOD).encode(), Problem("column-unknown", 1, "nmae")),
    (("address,name,amount,name\n" + GOOD).encode(), Problem("column-twice", 1, "name")),
    (("address,手机号,name,amount\n" + GOOD).encode(), Problem("column-twice", 1, "address")),
])
def test_a_broken_file_is_refused_with_its_reason(jobs: JobWorld, content: bytes, problem: Problem) -> None:
    if not content:
        content = b"\n"
    assert refused(jobs, content) == [problem]


@pytest.mark.parametrize(("row", "code", "column"), [
    ("zhang@example.cn,张三,120", "row-ragged", None),
    ("zhang@example.cn,张三,120,,", "row-ragged", None),
    (GOOD.strip(), "row-twice", None),
    (",李四,1,", "value-missing", "address"),
    ("li@example.cn,,1,", "value-missing", "name"),
    ("li@example.cn,  ,1,", "value-missing", "name"),
    ("li@example.cn,=HYPERLINK(A1),1,", "value-formula", "name"),
    ("li@example.cn,@SUM(A1),1,", "value-formula", "name"),
    ("li@example.cn,+cmd|calc,1,", "value-formula", "name"),
    ("li@example.cn,李四,#REF!,", "value-formula", "amount"),
    ("li@example.cn,李四,#N/A,", "value-formula", "amount"),
    ('li@example.cn,"李\n四",1,', "value-line-break", "name"),
    ('li@example.cn,"李\r\nBcc: x@example.cn",1,', "value-line-break", "name"),
    ('"li@example.cn\nBcc: x@example.cn",李四,1,', "value-line-break", "address"),
    ("li@example.cn,李\u2028四,1,", "value-line-break", "name"),
    ("li@example.cn,<b>李四</b>,1,", "value-markup", "name"),
    ("li@example.cn,<script src=x>,1,", "value-markup", "name"),
    ("li@example.cn,李四,1,见 https://bad.example/x", "value-link", "note"),
    ("li@example.cn,李四,1,见 www.bad.example", "value-link", "note"),
    ("li@example.cn,李\x07四,1,", "value-control-character", "name"),
    ("li@example.cn,李四,1," + "长" * 10_001, "value-too-long", "note"),
    ("li.example.cn,李四,1,", "address-invalid", "address"),
    ("13800000000,李四,1,", "address-invalid", "address"),
    ("li@example.cn," + "长" * 600 + ",1,", "message-too-large", None),
])
def test_a_bad_row_is_told_by_row_and_column(jobs: JobWorld, row: str, code: str, column: str | None) -> None:
    assert refused(jobs, HEADER + GOOD + row + "\n") == [Problem(code, 3, column)]


@pytest.mark.parametrize("note", ["-5", "+86 138-0000-0000", "-12.5%", "a < b", "1=1", "#3 号窗口", "a@b", "-"])
def test_what_only_looks_bad_is_sent(jobs: JobWorld, note: str) -> None:
    job_id = jobs.given(f"{HEADER}li@example.cn,李四,1,{note}\n")
    jobs.run()
    assert jobs.job(job_id).job.state == "finished"


def test_all_problems_of_a_file_are_counted_and_the_first_are_kept(jobs: JobWorld) -> None:
    rows = "".join(f"bad-{number},张三,120,\n" for number in range(1_500)) + "li@example.cn,,=1,\n"
    job_id = jobs.given(HEADER + rows)
    jobs.run()
    told = jobs.job(job_id).job
    assert told.problem_count == 1_502
    assert [(one.code, one.column, one.count) for one in told.problem_counts] == [
        ("address-invalid", "address", 1_500), ("value-missing", "name", 1), ("value-formula", "amount", 1)]
    assert len(jobs.problems(job_id)) == MOST_KEPT


def test_the_report_is_paged_and_in_the_readers_language(jobs: JobWorld) -> None:
    job_id = jobs.given(HEADER + "bad,张三,1,\nworse,李四,2,\n")
    jobs.run()
    seen, after = [], None
    for _ in range(2):
        command = ListJobProblems(job_id, limit=1, after=after)
        with jobs.world.begin() as tx:
            (page,) = list_job_problems(tx, [Call(command, as_app("list_job_problems")._replace(locale="en"))])
        assert isinstance(page, PageView)
        seen += [(one.row, one.column, one.text) for one in page.items]
        after = page.next
    assert seen == [
        (2, "address", "The address or phone number is not valid."),
        (3, "address", "The address or phone number is not valid.")]


def test_numbers_of_a_text_message_are_checked(jobs: JobWorld) -> None:
    jobs.world.put(template_code="due", channel="sms", subject=None, body="((name))，请缴税")
    content = "phone number,name\n13800000000,张三\n138000,李四\n13800000001," + "长" * 500 + "\n"
    job_id = jobs.given(content, template_code="due", channel="sms")
    jobs.run()
    assert jobs.problems(job_id) == [
        Problem("address-invalid", 3, "address"), Problem("text-message-too-long", 4)]


def test_rows_that_were_seen_are_found_again_after_the_table_has_grown() -> None:
    seen = SeenRows()
    assert all(seen.is_new([str(number), "x"]) for number in range(20_000))
    assert not any(seen.is_new([str(number), "x"]) for number in range(20_000))
    assert seen.is_new(["ab", "c"]) and seen.is_new(["a", "bc"])
