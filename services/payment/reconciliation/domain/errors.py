"""Errors of statements, differences and payouts."""
from __future__ import annotations

from services.payment.channels.domain.errors import ChannelUnknown
from shared_components.kernel.errors import Conflict, InvalidInput, NotFound


class PayoutFeeDiffers(Conflict):
    """The statement of that channel and day states other fees, and they are on the books. details: fee_minor."""

    code = "payment.payout-fee-differs"
    texts = {"en": "The day's statement states another fee.", "zh": "划款手续费与当日对账单不一致。"}


class PayoutDiffers(Conflict):
    """Another payout of that channel and day is on the books. details: paid_minor, fee_minor."""

    code = "payment.payout-differs"
    texts = {"en": "Another payout of that day is on the books.", "zh": "该日期已登记不同的渠道划款。"}


class StatementMalformed(InvalidInput):
    """details: line (from 1), column (its name), allowed; the value itself stays out of it."""

    code = "payment.statement-malformed"
    texts = {"en": "The statement cannot be read.", "zh": "对账单格式不正确。"}


class StatementTotalsDiffer(StatementMalformed):
    """The statement's own totals are not those of its lines: it is not whole. details: field, stated, counted."""

    code = "payment.statement-totals-differ"
    texts = {"en": "The statement's totals are not those of its lines.", "zh": "对账单汇总与明细不一致。"}


class StatementChanged(Conflict):
    """Somebody wrote into the file between its digest and its last line; nothing of it is kept."""

    code = "payment.statement-changed"
    texts = {"en": "The statement changed while it was read.", "zh": "对账单在读取过程中被修改。"}


class StatementDayInvalid(InvalidInput):
    code = "payment.statement-day-invalid"
    texts = {"en": "There can be no statement of that day.", "zh": "对账日期不正确。"}


class StatementConflict(Conflict):
    """Another statement of that channel and day is there. details: statement_id."""

    code = "payment.statement-conflict"
    texts = {"en": "Another statement of that day was imported.", "zh": "该日期已导入内容不同的对账单。"}


class StatementTakenOver(Conflict):
    """A later import of the same channel and day has begun."""

    code = "payment.statement-taken-over"
    texts = {"en": "Another import of that day has begun.", "zh": "该日期的另一次导入已开始。"}


class StatementUnknown(NotFound):
    code = "payment.statement-unknown"
    texts = {"en": "There is no statement of that day.", "zh": "该日期没有对账单。"}


class StatementNotOffered(ChannelUnknown):
    """The statement has to be fetched by hand. details: channel."""

    code = "payment.statement-not-offered"
    texts = {"en": "The channel's statement cannot be fetched yet.", "zh": "该渠道暂不支持自动下载对账单。"}


class StatementTooLarge(InvalidInput):
    """More than one message can carry, or one call can work through. details: command, which has no such limit."""

    code = "payment.statement-too-large"
    http_status = 413
    texts = {"en": "The statement is too large for a call.", "zh": "对账单过大，请使用命令行导入。"}


class DifferenceUnknown(NotFound):
    code = "payment.difference-unknown"
    texts = {"en": "There is no such difference.", "zh": "对账差异不存在。"}


class DifferenceResolved(Conflict):
    """details: resolved_by."""

    code = "payment.difference-resolved"
    texts = {"en": "The difference is resolved already.", "zh": "该对账差异已处理。"}
