"""Rows of a file as messages to be sent: the same for the check and for the sending."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.notification.carriers.domain.ports import CarrierFacts, HasCarrierFacts
from services.notification.jobs.domain.columns import ADDRESS, REFERENCE
from services.notification.jobs.domain.job import Job, message_id_of
from services.notification.messages.domain.message import Message
from services.notification.messages.usecases.send import Maker, SendMessage, compose_message
from services.notification.templates.domain.errors import TemplateUnknown
from services.notification.templates.domain.filing import Filing
from services.notification.templates.domain.template import BULK, Template, placeholders
from services.notification.templates.usecases.filings import FilingsOf, filings_of
from services.notification.templates.usecases.get_template import TemplateVersions
from shared_components.kernel.transactions import HasClock
from shared_components.security.authority.opening import work_in

SERVICE = "notification"
MakeId = Callable[[str, int], str]
"""From a job and the number of a row to a message's id."""


class ComposeRowsTx(FilingsOf, HasCarrierFacts, HasClock, Protocol):
    """The part of a transaction that reading what rows are composed of needs."""

    @property
    def templates(self) -> TemplateVersions: ...


@dataclass(frozen=True, slots=True)
class Composer:
    """The parts that are the same for all rows of a job."""

    job: Job
    template: Template
    filings: Sequence[Filing]
    carriers: CarrierFacts
    maker: Maker
    placeholders: Mapping[str, bool]
    make_id: MakeId

    def message(self, number: int, values: Mapping[str, str]) -> Message:
        """number: of the row. Raises what `send` raises for one message."""
        names = self.placeholders
        command = SendMessage(
            template_code=self.template.key.code, channel=self.template.key.channel,
            # An empty cell is no value: ((name?)) and ((name??text)) then show what they show without one.
            values={name: value for name, value in values.items() if name in names and value},
            address=values.get(ADDRESS), reference=values.get(REFERENCE) or self.job.reference or self.job.job_id,
            message_class=BULK)
        return compose_message(
            self.carriers, command, self.template, self.filings, self.maker, self.make_id(self.job.job_id, number))


def composer_of(tx: ComposeRowsTx, job: Job, make_id: MakeId = message_id_of) -> Composer:
    """Raises TemplateUnknown where the version is gone."""
    template = tx.templates.version(work_in(job.tenant, SERVICE), job.template, job.template_version)
    if template is None:
        raise TemplateUnknown
    return Composer(
        job, template, filings_of(tx, template), tx.carriers, Maker(job.tenant, job.app, tx.clock.now()),
        placeholders(template), make_id)
