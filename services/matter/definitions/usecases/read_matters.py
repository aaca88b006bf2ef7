"""Read matters: the list, and the guide of one."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.matter.definitions.domain.errors import MatterNotFound
from services.matter.definitions.domain.ports import HasLatestDefinitions
from services.matter.definitions.domain.published import Published
from services.matter.definitions.usecases.views import GuideView, MatterView, guide_view, matter_view
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

MATTERS = PagedList[str]("matter.list_matters", str)


class ListedDefinitions(Protocol):
    def list_latest(self, tenant: str, *, after: str | None, limit: int) -> Sequence[Published]:
        """The newest versions, by matter code, of those behind `after`."""
        ...


class ListMattersTx(Protocol):
    """The part of a transaction that listing matters uses."""

    @property
    def definitions(self) -> ListedDefinitions: ...


@dataclass(frozen=True, slots=True)
class ListMatters:
    limit: int = DEFAULT_LIMIT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class GetGuide:
    matter_code: str


def list_matters(tx: ListMattersTx, command: ListMatters, context: CallContext) -> PageView[MatterView]:
    """List the newest version of every matter, by matter code. Raises PageCursorInvalid."""
    page = MATTERS.asked(command, context.tenant)
    found = tx.definitions.list_latest(context.tenant, after=page.after, limit=page.fetch)
    return page.view(found, view=matter_view, key=lambda published: published.definition.matter_code)


def get_guide(tx: HasLatestDefinitions, command: GetGuide, context: CallContext) -> GuideView:
    """Raises MatterNotFound."""
    return guide_view(latest_published(tx, context.tenant, command.matter_code))


def latest_published(tx: HasLatestDefinitions, tenant: str, matter_code: str) -> Published:
    """Raises MatterNotFound."""
    published = tx.definitions.latest(tenant, matter_code)
    if published is None:
        raise MatterNotFound(Bilingual(
            f"there is no matter {matter_code!r}; list_matters names those there are",
            f"事项 {matter_code} 不存在；可用 list_matters 查询已有事项"))
    return published
