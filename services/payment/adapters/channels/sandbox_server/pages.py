"""The hosted payment page, in Chinese, plain HTML that a keyboard and a screen reader can use."""
from __future__ import annotations

from html import escape

from services.payment.adapters.channels.sandbox_server.books import Payment

STYLE = (
    "body{font-family:system-ui,sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem;line-height:1.6}"
    "dt{color:#555}dd{margin:0 0 .5rem;font-weight:600}button{font-size:1rem;padding:.6rem 1.4rem;margin-right:.5rem}"
    ".amount{font-size:2rem}.note{background:#fff4d6;padding:.5rem 1rem}"
)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
OUTCOMES = {"paid": "支付成功", "failed": "已放弃支付", "unpaid": "支付已超时，请返回重新下单",
            "closed": "支付单已关闭"}


def payment_page(payment: Payment) -> str:
    if payment.can_be_paid():
        return _document("沙箱收银台", _facts(payment) + _form())
    return _document(OUTCOMES[payment.state], _facts(payment) + _way_back(payment))


def unknown_page() -> str:
    return _document("支付单不存在", "<p>请返回办事页面重新发起支付。</p>")


def _facts(payment: Payment) -> str:
    yuan, fen = divmod(payment.amount_minor, 100)
    return (
        f'<dl><dt>金额</dt><dd class="amount">{yuan:,}.{fen:02d} {escape(payment.currency)}</dd>'
        f"<dt>缴费项目</dt><dd>{escape(payment.description)}</dd>"
        f"<dt>商户订单号</dt><dd>{escape(payment.out_trade_no)}</dd></dl>"
    )


def _form() -> str:
    return (
        '<form method="post">'
        '<button type="submit" name="action" value="confirm">确认支付</button>'
        '<button type="submit" name="action" value="give-up">放弃支付</button></form>'
    )


def _way_back(payment: Payment) -> str:
    url = payment.return_url or ""
    if not url.startswith(("http://", "https://")):  # never a javascript: address in a link
        return ""
    return f'<p><a href="{escape(url, quote=True)}">返回办事页面</a></p>'


def _document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f'<body><main><h1>{title}</h1>{body}<p class="note">这是沙箱渠道，不会产生真实扣款。</p></main></body></html>'
    )
