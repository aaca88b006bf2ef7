"""Payment on the bus: what people pay, from the fee item to the refund, and the books of it."""
from __future__ import annotations

from services.payment import schemas
from services.payment.channels.entrypoints import ChannelEntrypoints
from services.payment.fees.entrypoints import FeeEntrypoints
from services.payment.ledger.entrypoints import LedgerEntrypoints
from services.payment.orders.adapters.sql.rows import ORDERS
from services.payment.orders.entrypoints import OrderEntrypoints
from services.payment.providers import ChannelsProvider, PaymentProvider, WebhooksProvider
from services.payment.receipts.entrypoints import ReceiptEntrypoints
from services.payment.reconciliation.entrypoints import ReconciliationEntrypoints
from services.payment.webhooks.entrypoints import WebhookEntrypoints
from shared_components.bus.server.directory_following import DirectoryFollowing
from shared_components.bus.server.evidence_sealing import EvidenceSealing
from shared_components.bus.server.subject_merging import SubjectMerging
from shared_components.db.subject_aliases import NamedSubject
from shared_components.evidence_log.events import EVIDENCE_SEALED


class PaymentService(
    ChannelEntrypoints, FeeEntrypoints, LedgerEntrypoints, OrderEntrypoints, ReceiptEntrypoints, WebhookEntrypoints,
    ReconciliationEntrypoints, EvidenceSealing, SubjectMerging,
    DirectoryFollowing,
):
    """Takes what people pay, from the fee item to the refund, and keeps its books."""

    name = "payment"
    summary_zh = "受理缴费：从收费项目、订单到退款，并记账、对账、开具电子票据。"
    contract_version = "6.0"
    tickets = ("gateway", "matter")
    emits = (*schemas.EVENTS, EVIDENCE_SEALED)

    names_subjects = (NamedSubject(ORDERS, "order_id", "payer_subject"),)
    transactions = PaymentProvider()
    channels = ChannelsProvider()
    webhook_dispatcher = WebhooksProvider()
