"""Sending webhooks: one bounded HTTP exchange with an address that was judged first."""
from services.payment.adapters.webhooks.sender import HttpSender

__all__ = ["HttpSender"]
