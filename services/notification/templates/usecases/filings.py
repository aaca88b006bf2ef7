"""Filings of templates, as use cases read them."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from services.notification.common.channels import SMS
from services.notification.templates.domain.filing import Filing
from services.notification.templates.domain.template import Template, TemplateKey

FiledVersion = tuple[TemplateKey, int]


class ReadsFilings(Protocol):
    def of(self, versions: Collection[FiledVersion]) -> Mapping[FiledVersion, Sequence[Filing]]:
        """The filings of each version that has any."""
        ...


class FilingsOf(Protocol):
    @property
    def filings(self) -> ReadsFilings: ...


def filings_of(tx: FilingsOf, template: Template) -> Sequence[Filing]:
    if template.key.channel != SMS:
        return []
    version = (template.key, template.version)
    return tx.filings.of([version]).get(version, [])
