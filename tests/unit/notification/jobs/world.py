"""Jobs in the small world: files as the gateway leaves them in the store."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from services.notification.jobs.adapters.files import StoredFiles
from services.notification.jobs.domain.problems import Problem
from services.notification.jobs.schemas import CreateJob, FinishJobUpload
from services.notification.jobs.usecases import run_jobs
from services.notification.jobs.usecases.check_file import check_file
from services.notification.jobs.usecases.create_job import create_job
from services.notification.jobs.usecases.read_jobs import JobById, get_job
from services.notification.jobs.usecases.upload import JobByTicket, finish_job_upload, open_job_upload
from services.notification.jobs.usecases.views import JobDetailView, JobView, NewJobView
from shared_components.kernel.calls import CallContext
from shared_components.material_store import FolderStore, Sealer
from tests.unit.notification.world import RULES, World

OF_APP = CallContext("app-tax", "transport", department="transport")
TEMPLATE = {
    "template_code": "tax-due", "channel": "email", "subject": "((name))，请缴税",
    "body": "应缴 ((amount)) 元((note?))", "purpose": "notice",
}
HEADER = "address,name,amount,note\n"


def as_app(method: str, app: str = "app-tax") -> CallContext:
    return OF_APP._replace(caller=app, rule=RULES[method])


@dataclass
class JobWorld:
    world: World
    store: FolderStore

    @classmethod
    def of(cls, world: World, folder: Path) -> JobWorld:
        world.put(**TEMPLATE)
        return cls(world, FolderStore(folder / "materials"))

    @property
    def files(self) -> StoredFiles:
        return StoredFiles(self.store)

    def create(self, size: int, **given: object) -> NewJobView:
        command = CreateJob().load({"template_code": "tax-due", "channel": "email", "size": size, **given})
        with self.world.begin() as tx:
            return create_job(tx, command, as_app("create_job"))

    def upload(self, path: str, content: bytes) -> JobView:
        """As the gateway does."""
        ticket = path.rpartition("/")[2]
        allowed = open_job_upload(self.world, JobByTicket(ticket))
        sealer = Sealer(bytes.fromhex(allowed.key), allowed.content_id)
        with self.store.writing(allowed.content_id) as writer:
            writer.write(sealer.seal(content))
            writer.write(sealer.finish())
        command = FinishJobUpload().load({
            "ticket": ticket, "size": len(content), "media_type": "text/csv", "sha256": "0" * 64})
        return finish_job_upload(self.world, command, "zh-CN")

    def given(self, rows: str | bytes, **given: object) -> str:
        """A job with its file; gives its id."""
        content = rows.encode() if isinstance(rows, str) else rows
        made = self.create(len(content), **given)
        self.upload(made.path, content)
        return made.job.job_id

    def run_checks(self) -> None:
        """Check the file of the one job that there is, and accept no row."""
        with self.world.begin() as tx:
            job = tx.jobs.take(self.world.clock.now(), self.world.clock.now())
        assert job is not None
        check_file(self.world, self.files, job, lambda: None)

    def run(self) -> int:
        return run_jobs.run_jobs(self.world, self.files)

    def job(self, job_id: str, app: str = "app-tax") -> JobDetailView:
        with self.world.begin() as tx:
            return get_job(tx, JobById(job_id), as_app("get_job", app))

    def problems(self, job_id: str) -> list[Problem]:
        with self.world.begin() as tx:
            return [one.problem for one in tx.jobs.problems(job_id, 0, 2_000)]

    def steer(self, how: Callable[..., JobView], job_id: str, app: str = "app-tax") -> JobView:
        with self.world.begin() as tx:
            return how(tx, JobById(job_id), as_app("pause_job", app))

    def ids(self) -> list[str]:
        """Ids of all messages."""
        with self.world.database.transaction(["*"]) as session:
            return list(session.scalars(text("SELECT message_id FROM messages ORDER BY message_id")))
