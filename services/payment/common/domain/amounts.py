"""The largest amount of money that payment takes."""
from __future__ import annotations

LARGEST_ORDER_MINOR = 10**12
"""10 thousand million 元, as much as one refund can give back: an account (63 bits) has room for 9 million of them."""
