"""An ELicenceUnit in memory. It passes the same tests as the one on a database (test_ports.py)."""
from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from services.elicence.domain.errors import ActiveLicenceExists, licence_not_found
from services.elicence.domain.licence import Change, Licence
from services.elicence.domain.licence_type import LicenceType
from services.elicence.domain.policy import Policy
from services.elicence.domain.ports import HolderPage, SerialKey, TypePage
from services.elicence.domain.presentation import Presentation
from services.elicence.domain.states import ACTIVE
from shared_components.kernel.calls import CallContext
from shared_components.kernel.clock import Clock
from shared_components.kernel.errors import AppError, StalePrecondition
from shared_components.kernel.events import Events


@dataclass
class Store:
    types: dict[tuple[str, str], list[LicenceType]] = field(default_factory=dict)
    licences: dict[str, Licence] = field(default_factory=dict)
    history: list[tuple[str, int, str]] = field(default_factory=list)
    presentations: dict[str, Presentation] = field(default_factory=dict)
    serials: dict[SerialKey, int] = field(default_factory=dict)
    codes: int = 0


class MemoryTypes:
    def __init__(self, store: Store) -> None:
        self._types = store.types

    def current(self, wanted: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], LicenceType]:
        return {key: self._types[key][-1] for key in wanted if key in self._types}

    def put(self, kind: LicenceType, at: datetime) -> LicenceType:
        versions = self._types.setdefault((kind.tenant, kind.type_code), [])
        if not versions or not versions[-1].says_the_same_as(kind):
            versions.append(replace(kind, version=len(versions) + 1))
        return versions[-1]

    def pages(self, asked: Sequence[tuple[CallContext, TypePage]]) -> list[list[LicenceType]]:
        return [self._page(context.tenant, page) for context, page in asked]

    def _page(self, tenant: str, page: TypePage) -> list[LicenceType]:
        mine = [versions[-1] for (owner, code), versions in sorted(self._types.items())
                if owner == tenant and (page.after is None or code > page.after) and page.type_code in (None, code)]
        return mine[: page.limit]


class MemoryLicences:
    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def _all(self) -> list[Licence]:
        return list(self._store.licences.values())

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Licence | AppError]:
        return [self._seen(context, key, lambda one: one.licence_id) for context, key in asked]

    def read_by_identifier(self, asked: Sequence[tuple[CallContext, str]]) -> list[Licence | AppError]:
        return [self._seen(context, key, lambda one: one.identifier.text) for context, key in asked]

    def survivors(self, subject_ids: Collection[str]) -> dict[str, str]:
        return {}

    def _seen(self, context: CallContext, key: str, key_of: Callable[[Licence], str]) -> Licence | AppError:
        return next((one for one in self._all if key_of(one) == key and _sees(context, one)), licence_not_found())

    def pages(self, asked: Sequence[tuple[CallContext, HolderPage]]) -> list[list[Licence]]:
        return [self._page(context, page) for context, page in asked]

    def _page(self, context: CallContext, page: HolderPage) -> list[Licence]:
        mine = [one for one in self._all if one.holder.subject == page.holder_subject and _sees(context, one)
                and page.type_code in (None, one.type_code) and (page.before is None or one.licence_id < page.before)]
        return sorted(mine, key=lambda one: one.licence_id, reverse=True)[: page.limit]

    def shown(self, licence_ids: Collection[str]) -> dict[str, Licence]:
        return {one.licence_id: one for one in self._all if one.licence_id in licence_ids}

    def by_identifiers(self, identifiers: Collection[str]) -> dict[str, Licence]:
        return {one.identifier.text: one for one in self._all if one.identifier.text in identifiers}

    def lock(self, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Licence]:
        return {(one.tenant, one.licence_id): one for one in self._all if (one.tenant, one.licence_id) in wanted}

    def lock_for_issue(self, holder_keys: Collection[str], identifiers: Collection[str]) -> list[Licence]:
        return [one for one in self._all if one.identifier.text in identifiers
                or (one.holder.key in holder_keys and one.state in ACTIVE)]

    def lock_ended(self, before: date, limit: int) -> list[Licence]:
        return [one for one in self._all
                if one.state in ACTIVE and one.valid_until is not None and one.valid_until < before][:limit]

    def add(self, licences: Sequence[Licence]) -> None:
        for licence in licences:
            if any(_place(one) == _place(licence) and one.state in ACTIVE for one in self._all):
                raise ActiveLicenceExists("holder has one")
            self._store.licences[licence.licence_id] = licence

    def apply(self, changes: Sequence[Change], actor: str) -> None:
        for change in changes:
            if self._store.licences[change.before.licence_id] != change.before:
                raise StalePrecondition("licence has changed")
            self._store.licences[change.after.licence_id] = change.after
            self._store.history.append((change.after.licence_id, change.after.revision, actor))


class MemoryPresentations:
    def __init__(self, store: Store) -> None:
        self._all = store.presentations

    def add(self, presentations: Sequence[Presentation]) -> None:
        self._all.update({one.selector: one for one in presentations})

    def lock(self, selectors: Collection[str]) -> dict[str, Presentation]:
        return {selector: self._all[selector] for selector in selectors if selector in self._all}

    def use(self, presentation_ids: Collection[str], at: datetime) -> set[str]:
        won = {one.presentation_id for one in self._all.values()
               if one.presentation_id in presentation_ids and one.used_at is None}
        for selector, one in self._all.items():
            if one.presentation_id in won:
                self._all[selector] = replace(one, used_at=at)
        return won

    def purge(self, before: datetime, limit: int) -> int:
        old = [selector for selector, one in self._all.items() if one.expires_at < before][:limit]
        for selector in old:
            del self._all[selector]
        return len(old)


class MemorySerials:
    def __init__(self, store: Store) -> None:
        self._last = store.serials

    def take(self, wanted: Mapping[SerialKey, int]) -> dict[SerialKey, int]:
        first = {key: self._last.get(key, 0) + 1 for key in wanted}
        for key, count in wanted.items():
            self._last[key] = self._last.get(key, 0) + count
        return first


class MemoryHolderKeys:
    def holder_key(self, tenant: str, id_type: str, id_number: str) -> str:
        return hashlib.sha256(f"{tenant}/{id_type}/{id_number}".encode()).hexdigest()


class MemoryPresentationCodes:
    def __init__(self, store: Store) -> None:
        self._store = store

    def new(self) -> str:
        self._store.codes += 1
        return f"{self._store.codes:08d}" + "ABCDEFGHABCDEFGH"

    def digest(self, tenant: str, code: str) -> bytes:
        return hashlib.sha256(f"{tenant}/{code}".encode()).digest()


class MemoryTransaction:
    def __init__(self, store: Store, clock: Clock, events: Events, policy: Policy) -> None:
        self.clock, self.events, self.policy = clock, events, policy
        self.types = MemoryTypes(store)
        self.licences = MemoryLicences(store)
        self.presentations = MemoryPresentations(store)
        self.serials = MemorySerials(store)
        self.holder_keys = MemoryHolderKeys()
        self.codes = MemoryPresentationCodes(store)


@contextmanager
def rolled_back_on_error(store: Store) -> Iterator[None]:
    saved = copy.deepcopy(store)
    try:
        yield
    except BaseException:
        vars(store).update(vars(saved))
        raise


def _sees(context: CallContext, licence: Licence) -> bool:
    return context.tenant == licence.tenant and context.subject in (None, licence.holder.subject)


def _place(licence: Licence) -> tuple[str, str, str, str]:
    return (licence.tenant, licence.type_code, licence.holder.key, licence.scope)
