"""The hosted payment page, in Chinese, plain HTML that a keyboard and a screen reader can use."""
from __future__ import annotations

from html import escape

from services.payment.sandbox.books import Payment
from shared_components.kernel.money import decimal_text

STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--quiet:#5a6472;--line:#d5dae1;--tint:#f3f5f8;--accent:#0b5cad}
@media(prefers-color-scheme:dark){:root{--paper:#1e2329;--ink:#e6e9ed;--quiet:#a3adba;--line:#363d47;--tint:#14171b;
--accent:#7db8f5}}
*{box-sizing:border-box}
body{margin:0;padding:2rem 1rem;background:var(--tint);color:var(--ink);
font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:30rem;margin:0 auto;padding:1rem 1.5rem 1.5rem;background:var(--paper);border:1px solid var(--line);
border-radius:.6rem}
h1{font-size:1.4rem;margin:.5rem 0 1rem}
dt{color:var(--quiet);font-size:.9rem}
dd{margin:0 0 .8rem;overflow-wrap:anywhere}
.amount{font-size:2.2rem;font-weight:600;line-height:1.2}
form{display:flex;flex-wrap:wrap;gap:.8rem;margin:1.2rem 0}
button{flex:1 1 8rem;padding:.7rem 1rem;font:inherit;color:var(--accent);background:var(--paper);
border:1px solid var(--accent);border-radius:.4rem;cursor:pointer}
button[value=confirm]{color:var(--paper);background:var(--accent)}
a{color:var(--accent)}
a:focus-visible,button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.note{margin:1.2rem 0 0;padding:.5rem .9rem;color:var(--quiet);background:var(--tint);border-radius:.4rem}
"""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
CONFIRM, GIVE_UP = "confirm", "give-up"
"""The buttons."""
UNITS = {"CNY": "元"}
OUTCOMES = {"paid": "支付成功", "failed": "已放弃支付", "unpaid": "支付已超时，请返回重新下单",
            "closed": "支付单已关闭"}


def payment_page(payment: Payment) -> str:
    if payment.can_be_paid():
        return _document("沙箱收银台", _facts(payment) + _form())
    return _document(OUTCOMES[payment.state], _facts(payment) + _way_back(payment))


def unknown_page() -> str:
    return _document("支付单不存在", "<p>请返回办事页面重新发起支付。</p>")


def no_action_page() -> str:
    return _document("无法识别的操作", f"<p>action 只能是 {CONFIRM} 或 {GIVE_UP}，且只能提交一个；本次未扣款。</p>")


def _facts(payment: Payment) -> str:
    unit = UNITS.get(payment.currency, escape(payment.currency))
    return (
        f'<dl><dt>金额</dt><dd class="amount">{decimal_text(payment.amount_minor, grouped=True)} {unit}</dd>'
        f"<dt>缴费项目</dt><dd>{escape(payment.description)}</dd>"
        f"<dt>商户订单号</dt><dd>{escape(payment.out_trade_no)}</dd></dl>"
    )


def _form() -> str:
    return (
        '<form method="post">'
        f'<button type="submit" name="action" value="{CONFIRM}">确认支付</button>'
        f'<button type="submit" name="action" value="{GIVE_UP}">放弃支付</button></form>'
    )


def _way_back(payment: Payment) -> str:
    url = payment.return_url or ""
    if not url.startswith(("http://", "https://")):  # never a javascript: address in a link
        return ""
    return f'<p><a href="{escape(url, quote=True)}">返回办事页面</a></p>'


def _document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head>'
        f'<body><main><h1>{title}</h1>{body}<p class="note">这是沙箱渠道，不会产生真实扣款。</p></main></body></html>'
    )
