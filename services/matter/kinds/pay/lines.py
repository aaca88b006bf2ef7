"""Lines of the timeline about payments."""
from __future__ import annotations

from services.matter.cases.domain.timeline import Line

PAYMENT_DUE = Line(
    "payment-due", "请缴费 {amount} 元，缴款码 {pay_code}", "Please pay CNY {amount}, payment code {pay_code}")
PAID = Line("paid", "已缴费 {amount} 元", "CNY {amount} were paid")
REFUNDED = Line("refunded", "已退款 {amount} 元", "CNY {amount} were refunded")
