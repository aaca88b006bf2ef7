"""Files as callers may see them."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.matter.materials.domain.material import Material


@dataclass(frozen=True, slots=True)
class MaterialView:
    material_id: str
    case_id: str
    material: str
    state: str
    media_type: str
    size: int
    sha256: str | None
    file_name: str | None = field(repr=False)
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class MaterialsView:
    items: Sequence[MaterialView]


@dataclass(frozen=True, slots=True)
class TicketView:
    """path: at the gateway; whoever knows it may use it once."""

    material_id: str
    path: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class TransferView:
    """For the gateway: what it is to receive or to give. key: of the content, in hex."""

    material_id: str
    content_id: str
    media_types: Sequence[str]
    size: int
    file_name: str | None = field(repr=False)
    key: str = field(repr=False)


def material_view(material: Material) -> MaterialView:
    return MaterialView(
        material.id, material.case_id, material.name, material.state, material.media_type, material.size,
        material.sha256, material.file_name, material.given_at)
