"""Reads of citizens at a portal. Apart from the story, which patches its process."""
AT_A_PORTAL = {
    "payment.get_order": "order_id", "payment.list_orders": "order_id", "payment.get_refund": "refund_id",
    "payment.get_receipt": "receipt_id", "payment.list_receipts": "receipt_id", "matter.get_case": "case_id",
    "matter.list_cases": "case_id", "notification.inbox": "message_id", "identity.get_subject": "subject_id",
}
"""What a citizen reads at a portal, whichever department keeps it, and the id by which it is known."""
