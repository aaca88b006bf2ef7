"""The hosted payment page, on the common layout: in Chinese or English, and in elder mode."""
from __future__ import annotations

from services.payment.sandbox.books import Payment
from shared_components.kernel.money import decimal_text
from shared_components.pages.presentation import Presentation
from shared_components.pages.rendering import Pages
from shared_components.pages.texts import Texts

CONFIRM, GIVE_UP = "confirm", "give-up"
"""The buttons."""
CHINESE: Texts = {
    "Sandbox cashier": "沙箱收银台",
    "The payment is made": "支付成功",
    "The payment was given up": "已放弃支付",
    "The payment is closed": "支付单已关闭",
    "The time to pay is over; go back and order again": "支付已超时，请返回重新下单",
    "Amount": "金额",
    "Fee items": "缴费项目",
    "Order number of the merchant": "商户订单号",
    "Confirm the payment": "确认支付",
    "Give up": "放弃支付",
    "Back to the matter": "返回办事页面",
    "This is a sandbox channel: no real money is charged.": "这是沙箱渠道，不会产生真实扣款。",
    "There is no such payment": "支付单不存在",
    "Go back to the matter and start the payment again.": "请返回办事页面重新发起支付。",
    "The action is not known": "无法识别的操作",
    "action is %(confirm)s or %(give_up)s, one of them; nothing was charged":
        "action 只能是 %(confirm)s 或 %(give_up)s，且只能提交一个；本次未扣款。",
}


class SandboxPages:
    def __init__(self) -> None:
        self._pages = Pages("services.payment.sandbox", chinese=CHINESE)

    def payment(self, payment: Payment, presentation: Presentation, path: str) -> str:
        return self._pages.render(
            "payment.html", presentation, path=path, payable=payment.can_be_paid(), state=payment.state,
            amount=_amount(payment, presentation), description=payment.description, out_trade_no=payment.out_trade_no,
            return_url=_web_address(payment.return_url), confirm=CONFIRM, give_up=GIVE_UP)

    def unknown(self, presentation: Presentation, path: str) -> str:
        return self._pages.render("unknown.html", presentation, path=path)

    def no_action(self, presentation: Presentation, path: str) -> str:
        return self._pages.render("no_action.html", presentation, path=path, confirm=CONFIRM, give_up=GIVE_UP)


def _amount(payment: Payment, presentation: Presentation) -> str:
    unit = "元" if payment.currency == "CNY" and presentation.language == "zh" else payment.currency
    return f"{decimal_text(payment.amount_minor, grouped=True)} {unit}"


def _web_address(url: str | None) -> str | None:
    """None for an address of another kind: a link never has a javascript: address."""
    return url if url and url.startswith(("http://", "https://")) else None
