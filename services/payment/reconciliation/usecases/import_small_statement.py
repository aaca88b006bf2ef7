"""Import a statement that a call holds."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from services.payment.channels.domain.ports import Channels
from services.payment.reconciliation.domain.errors import StatementTooLarge
from services.payment.reconciliation.domain.ports import HasStatements, StatementSource
from services.payment.reconciliation.domain.statement import ZHONGTAI
from services.payment.reconciliation.usecases import views
from services.payment.reconciliation.usecases.import_statement import WantedImport, import_statement
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.transactions import Transactions

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

LARGEST_CONTENT_BYTES = 128 * 1024
"""In a call; half of what a message of the bus may hold, since JSON may write a character in more bytes."""


@dataclass(frozen=True, slots=True)
class ImportStatement:
    channel: str
    day: date
    content: str
    format: str = ZHONGTAI
    supersede: bool = False


def import_small_statement(
    transactions: Transactions[HasStatements],
    channels: Channels,
    command: ImportStatement, context: CallContext,
    open_statement: Callable[[BinaryIO, str], StatementSource],
) -> views.StatementView:
    """The content of a call. Raises StatementTooLarge, and what import_statement raises."""
    content = command.content.encode()
    if len(content) > LARGEST_CONTENT_BYTES:
        instead = f"zhongtai payment statement import FILE --channel {command.channel} --date {command.day}"
        raise StatementTooLarge(
            Bilingual(
                f"content has {len(content)} bytes; {LARGEST_CONTENT_BYTES} are allowed in a call, "
                f"any size by `{instead}`",
                f"content 有 {len(content)} 字节；一次调用允许 {LARGEST_CONTENT_BYTES} 字节，更大的请用 `{instead}`"),
            details={"command": instead, "allowed_bytes": LARGEST_CONTENT_BYTES},
        )
    wanted = WantedImport(context.tenant, command.channel, command.day, command.supersede)
    return import_statement(transactions, channels, wanted, open_statement(BytesIO(content), command.format))
