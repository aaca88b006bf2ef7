"""Moving subjects into the population of their realm, a piece at a time.

Source: docs/adr/056-moving-subjects-into-their-population.md
"""
from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.identity.subjects.domain.merging import Proposal
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock

Document = tuple[str, str, str]
"""Population, document type, blind index."""


@dataclass(frozen=True, slots=True)
class Move:
    """A subject that is not in the population where it belongs. merged: it is an alias of another."""

    subject_id: str
    population: str
    id_type: str
    index: str
    merged: bool = False

    @property
    def document(self) -> Document:
        return (self.population, self.id_type, self.index)


@dataclass(frozen=True, slots=True)
class MovePiece:
    """after: the last subject of the piece before. write: False counts only.

    seen: documents of earlier pieces of a count → the subject that has it.
    """

    after: str = ""
    limit: int = 500
    write: bool = True
    seen: MutableMapping[Document, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MovedPiece:
    """last: the last subject of the piece; None: there was nothing left. proposed: merges to confirm."""

    last: str | None
    moved: int
    proposed: int


class Moves(Protocol):
    def next(self, *, after: str, limit: int) -> Sequence[Move]:
        """Subjects that are to be moved, in the order of their ids, which is that of time."""
        ...

    def holders(self, documents: Sequence[Document]) -> Mapping[Document, str]:
        """The subjects that have these documents in their population already."""
        ...

    def move(self, moves: Sequence[Move], *, without_index: frozenset[str]) -> None:
        """Store population and blind index; for some subjects no index, because another has the document."""
        ...

    def propose(self, proposals: Sequence[Proposal]) -> None:
        """Keep merges to confirm; those that are known stay as they are."""
        ...


class MoveTx(HasClock, Protocol):
    @property
    def moves(self) -> Moves: ...


def move_piece(tx: MoveTx, command: MovePiece) -> MovedPiece:
    """Move some subjects. Repeated after a crash it goes on with those that are left."""
    moves = tx.moves.next(after=command.after, limit=command.limit)
    if not moves:
        return MovedPiece(None, 0, 0)
    taken = {**tx.moves.holders([move.document for move in moves])}
    proposals = []
    later = set()
    for move in moves:
        holder = taken.setdefault(move.document, command.seen.get(move.document, move.subject_id))
        command.seen[move.document] = holder
        if holder == move.subject_id:
            continue
        later.add(move.subject_id)
        if not move.merged:
            proposals.append(_proposal(move, holder, tx.clock.now()))
    if command.write:
        tx.moves.move(moves, without_index=frozenset(later))
        tx.moves.propose(proposals)
    return MovedPiece(moves[-1].subject_id, len(moves), len(proposals))


def _proposal(move: Move, holder: str, at: datetime) -> Proposal:
    return Proposal(new_id("mrg"), move.population, holder, move.subject_id, at)
