"""Fiscal electronic receipts of orders and refunds."""
