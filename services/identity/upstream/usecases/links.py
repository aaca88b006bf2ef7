"""List and remove the links of an account; follow its subject."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.identity.subjects.domain import states
from services.identity.subjects.domain.ports import HasPopulations
from services.identity.subjects.domain.subject import Subject
from services.identity.upstream.domain.errors import LinkNotFound
from services.identity.upstream.domain.ports import HasLinks
from shared_components.kernel.bilingual import Bilingual, in_locale
from shared_components.kernel.evidence import EvidenceTx

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

UNLINKED = "upstream-unlinked"


class ListLinksTx(HasLinks, Protocol):
    """The transaction of listing links. upstream_titles: of the configured providers, by name."""

    @property
    def upstream_titles(self) -> Mapping[str, Bilingual]: ...


class UnlinkTx(ListLinksTx, HasPopulations, EvidenceTx, Protocol):
    """The transaction of removing a link."""


@dataclass(frozen=True, slots=True)
class ListLinks:
    """The links of the acting person."""


@dataclass(frozen=True, slots=True)
class ByLink:
    link_id: str


@dataclass(frozen=True, slots=True)
class LinkView:
    link_id: str
    provider: str
    title: str
    created_at: datetime
    last_used_at: datetime


@dataclass(frozen=True, slots=True)
class LinksView:
    items: Sequence[LinkView]


def list_links(tx: ListLinksTx, _command: ListLinks, context: CallContext) -> LinksView:
    """Links of the acting person, oldest first."""
    return LinksView([
        LinkView(each.link_id, each.provider, _title(tx, each.provider, context.locale), each.created_at,
                 each.last_used_at)
        for each in tx.upstream_links.of(context.citizen or "")])


def _title(tx: ListLinksTx, provider: str, locale: str) -> str:
    title = tx.upstream_titles.get(provider)
    return provider if title is None else in_locale(title, locale)


def unlink(tx: UnlinkTx, command: ByLink, context: CallContext) -> LinksView:
    """Remove a link; the person signs in by it no longer. Raises LinkNotFound."""
    subject_id = context.citizen or ""
    if not tx.upstream_links.remove(subject_id, command.link_id):
        raise LinkNotFound
    tx.record_evidence(
        context, owner=tx.populations.of([context.tenant])[context.tenant], action=UNLINKED, about=subject_id,
        basis="holder", details={"link_id": command.link_id})
    return list_links(tx, ListLinks(), context)


class LinksOfSubjects:
    """Lets links follow their subject in the transaction that changes it."""

    def __init__(self, tx: HasLinks) -> None:
        self._tx = tx

    def subject_changed(self, subject: Subject, context: CallContext) -> None:
        """Remove the links of a closed account."""
        if subject.state == states.CLOSED:
            self._tx.upstream_links.remove_all(subject.subject_id)

    def subject_merged(self, merged: Subject, survivor: Subject, context: CallContext) -> None:
        """Give the links to the account that stays."""
        self._tx.upstream_links.move(merged.subject_id, survivor.subject_id)
