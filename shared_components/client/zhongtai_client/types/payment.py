"""Requests, replies and events of service `payment`. Written by `zhongtai clients python`; do not edit."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict


class CloseOrderRequest(TypedDict):
    order_id: str
    """The order's id, such as pay_…. 订单编号（pay_ 开头）。"""


class CreateOrderLines(TypedDict):
    item_code: str
    """The code of the fee item (收费项目编码), up to 64 characters; list_fee_items gives those in force. 收费项目编码，最长 64 位；有效项目见 list_fee_items。"""
    limit_date: NotRequired[str | None]
    """The last day to pay without late fee (限缴日期), YYYY-MM-DD, in China's time; needed where the fee item has a late fee, else null. 限缴日期（含当日），YYYY-MM-DD，北京时间，逾期加收滞纳金；有滞纳金的项目必填，其余为 null。"""
    quantity: NotRequired[int]
    """How many units, 1 to 100,000. 数量，1–100000。"""


class CreateOrderRequest(TypedDict):
    app: NotRequired[str | None]
    """For services: the app that this is made for and that owns it, such as app-demo. An app leaves it out: what it makes is its own. 仅供服务使用：代哪个应用办理，归该应用所有，如 app-demo。应用自行调用时不填，所建数据归调用方所有。"""
    expires_in_s: NotRequired[int]
    """For how many seconds the order can be paid: 60 to 2,592,000 (30 days), 7,200 when left out. 缴费有效时长（秒），60–2592000（30 天），默认 7200。"""
    lines: Sequence[CreateOrderLines]
    """What is to be paid, 1 to 50 lines; all of one collecting unit and currency. 缴费明细，1–50 行，须属同一执收单位、同一币种。"""
    metadata: NotRequired[Mapping[str, Any]]
    """The app's own data, a JSON object of up to 4,096 bytes; it comes back in replies and events. No personal data. 应用自带数据，JSON 对象，不超过 4096 字节，会在返回和事件中原样带回；不得含个人信息。"""
    payer_name: str
    """The payer's name, up to 200 characters; it is printed on the receipt. 缴款人名称，200 字以内，打印在票据上。"""
    payer_subject: NotRequired[str | None]
    """The payer's id in identity, such as sub_…; null when unknown. 缴款人在身份服务中的编号（sub_ 开头）；未知为 null。"""
    reference: NotRequired[str | None]
    """The app's own number, up to 128 characters; it comes back in replies and events. No personal data. 应用自定的关联编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。"""
    return_url: NotRequired[str | None]
    """The http or https page that the payer's browser goes to after paying, up to 1,000 characters; null for none. 缴费后浏览器返回的页面（http 或 https），1000 字以内；不返回为 null。"""


GetOrderRequest = CloseOrderRequest


class GetReceiptRequest(TypedDict):
    order_id: NotRequired[str | None]
    """The order whose original receipt is wanted; either this or receipt_id. 要查原始票据的订单编号；与 receipt_id 二者只填其一。"""
    receipt_id: NotRequired[str | None]
    """The receipt's id; either this or order_id. 票据编号；与 order_id 二者只填其一。"""
    with_pdf: NotRequired[bool]
    """Whether the reply holds the PDF, in base64. 是否在返回中附带 PDF（Base64）。"""


class GetRefundRequest(TypedDict):
    refund_id: str
    """The refund's id, such as ref_…. 退款编号。"""


class ListChannelsRequest(TypedDict):
    pass


class ListDeliveriesRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    order_id: NotRequired[str | None]
    """Only deliveries about this order; null for all. 只查与该订单有关的投递；null 为不限。"""
    state: NotRequired[Literal["pending", "delivered", "failed", None]]
    """Only deliveries in this state; null for all. 只查该状态的投递；null 为不限。"""
    webhook_id: NotRequired[str | None]
    """Only deliveries of this webhook; null for all. 只查该回调的投递；null 为不限。"""


class ListFeeItemsRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    item_code: NotRequired[str | None]
    """Only versions of this fee item; null for all. 只查该收费项目的各版本；null 为不限。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""


class ListOrdersRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    payer_subject: NotRequired[str | None]
    """Only orders of this payer; null for all. 只查该缴款人的订单；null 为不限。"""
    reference: NotRequired[str | None]
    """Only orders with this reference; null for all. 只查该关联编号的订单；null 为不限。"""
    state: NotRequired[Literal["created", "pending", "paid", "partially_refunded", "closed", "expired", "failed", "refunded", None]]
    """Only orders in this state; null for all. 只查该状态的订单；null 为不限。"""


class ListReceiptsRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    order_id: NotRequired[str | None]
    """Only receipts of this order; null for all. 只查该订单的票据；null 为不限。"""
    state: NotRequired[Literal["waiting", "issued", None]]
    """waiting for those without a number, issued for the others; null for all. waiting 只查待赋号的票据，issued 只查已开具的；null 为不限。"""


class ListWebhooksRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""


class PutWebhookRequest(TypedDict):
    app: NotRequired[str | None]
    """Whose things it is told of, such as app-demo; null for all apps of the department, which only operators may have. 通知哪个应用的事项，如 app-demo；null 为本部门全部应用，仅运维可设。"""
    events: NotRequired[Sequence[Literal["order-paid", "order-closed", "order-refunded", "refund-succeeded", "refund-failed", "receipt-issued"]]]
    """The types of events that are sent, such as order-paid; all when left out. 订阅的事件类型，如 order-paid；不传为全部。"""
    rotate_secret: NotRequired[bool]
    """Whether a new secret is made. 是否更换签名密钥。"""
    url: str
    """The address that events are posted to, https to an allowed host; or queue:own, the app's own queue at the broker. 接收事件的地址，须为 https 且主机在平台允许范围内；或 queue:own，即应用在消息代理上的自有队列。"""
    webhook_id: NotRequired[str | None]
    """The webhook to change; a new one is made when left out. 要修改的回调编号；不传则新建。"""


class RefundOrderRequest(TypedDict):
    amount_minor: int
    """How much to refund, in minor units (分), at least 1. 本次退款金额，单位为分，不少于 1。"""
    order_id: str
    """The paid order to refund. 要退款的已缴费订单编号。"""
    reason: str
    """Why, up to 200 characters, without personal data; it is told to the channel. 退款原因，200 字以内，不得含个人信息，会提供给支付渠道。"""
    refund_available_minor: int
    """What the caller believes can be refunded, as read from the order, in minor units (分); refused when it has changed. 调用方从订单读到的可退金额，单位为分；与当前不一致则拒绝，防止重复退款。"""


class RemoveWebhookRequest(TypedDict):
    webhook_id: str
    """The webhook's id, such as whk_…. 回调编号（whk_ 开头）。"""


class ResendWebhookRequest(TypedDict):
    delivery_id: str
    """The delivery's id, such as whd_…. 投递编号（whd_ 开头）。"""


class StartPaymentRequest(TypedDict):
    channel: NotRequired[str]
    """The payment channel by the name in the configuration, such as wechat, alipay or sandbox. 支付渠道，以配置中的名称为准，如 wechat、alipay、sandbox。"""
    order_id: str
    """The order's id, such as pay_…. 订单编号（pay_ 开头）。"""
    payer_ip: NotRequired[str | None]
    """The address of the payer's browser; WeChat's H5 payment needs it. It is passed on and not stored. 缴款人浏览器 IP，微信 H5 支付必需；仅转交渠道，不留存。"""
    return_url: NotRequired[str | None]
    """Where the payer comes back to after paying, such as https://app.example/paid; else the order's. Addresses are allowed for each app. 支付后返回的地址，如 https://app.example/paid，缺省为订单的返回地址；每个应用允许的地址须事先配置。"""


class VerifyReceiptRequest(TypedDict):
    bill_code: str
    """The bill code (票据代码), 8 digits: supervisor 2, class 2, kind 2, year 2. 票据代码，8 位数字：监管机构 2 位、分类 2 位、种类 2 位、年度 2 位。"""
    bill_number: str
    """The bill number (票据号码), 10 digits. 票据号码，10 位数字。"""
    check_code: str
    """The check code (校验码) as printed on the receipt: 12 letters, 6 on older ones; capitals and small letters count alike. 票面校验码，12 位（早期票据 6 位），不区分大小写。"""


class CloseOrderReplyLines(TypedDict):
    amount_minor: int
    """The line's amount, quantity × price, in minor units (分). 本行金额（数量×单价），单位为分。"""
    item_code: str
    """The code of the fee item (收费项目编码), up to 64 characters; list_fee_items gives those in force. 收费项目编码，最长 64 位；有效项目见 list_fee_items。"""
    item_version: int
    """The version of the fee item that the price was taken from. 计价所依据的收费项目版本号。"""
    limit_date: str | None
    """The last day to pay without late fee (限缴日期), YYYY-MM-DD, in China's time; needed where the fee item has a late fee, else null. 限缴日期（含当日），YYYY-MM-DD，北京时间，逾期加收滞纳金；有滞纳金的项目必填，其余为 null。"""
    name: str
    """The fee item's name, such as 驾驶证工本费. 收费项目名称，如“驾驶证工本费”。"""
    overdue_days: int
    """Of a line that is a late fee, the days after the limit date; else 0. 滞纳金行的逾期天数；其他行为 0。"""
    price_minor: int
    """The price of one unit, in minor units (分). 单价，单位为分。"""
    quantity: int
    """How many units, 1 to 100,000. 数量，1–100000。"""
    unit: str
    """What one of the quantity is, up to 20 characters, such as 本. 计量单位，20 字以内，如“本”。"""


class CloseOrderReply(TypedDict):
    amount_minor: int
    """What is to be paid, in minor units (分). 应缴金额，单位为分。"""
    channel: str | None
    """The channel of the last payment begun; null before that. 最近一次发起支付所用渠道；尚未发起为 null。"""
    collecting_unit: str
    """The code of the collecting unit (执收单位编码), 6 to 18 digits and capitals. 执收单位编码，6–18 位数字或大写字母。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    currency: str
    """The currency by ISO 4217, three capitals; CNY. 币种（ISO 4217），三位大写字母，人民币为 CNY。"""
    expires_at: str
    """Until when the order can be paid, UTC. 缴费截止时间（UTC）。"""
    lines: list[CloseOrderReplyLines]
    """What is paid, line by line. 缴费明细。"""
    metadata: dict[str, Any]
    """The app's own data, a JSON object of up to 4,096 bytes; it comes back in replies and events. No personal data. 应用自带数据，JSON 对象，不超过 4096 字节，会在返回和事件中原样带回；不得含个人信息。"""
    order_id: str
    """The order's id, such as pay_…. 订单编号（pay_ 开头）。"""
    paid_at: str | None
    """When the money arrived, UTC; null before that. 缴费到账时间（UTC）；未缴费为 null。"""
    paid_minor: int
    """How much has been paid, in minor units (分). 已缴金额，单位为分。"""
    pay_code: str
    """The payment code (缴款码), 20 digits: division 6, year 2, 30, serial 10. 缴款码，20 位数字：区划 6 位、年份 2 位、30、流水号 10 位。"""
    payer_subject: str | None
    """The payer's id in identity, such as sub_…; null when unknown. 缴款人在身份服务中的编号（sub_ 开头）；未知为 null。"""
    reference: str | None
    """The app's own number, up to 128 characters; it comes back in replies and events. No personal data. 应用自定的关联编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。"""
    refund_available_minor: int
    """How much can still be refunded, in minor units (分). 当前可退金额，单位为分。"""
    refunded_minor: int
    """The sum of all refunds made, in minor units (分). 累计已退金额，单位为分。"""
    return_url: str | None
    """The http or https page that the payer's browser goes to after paying, up to 1,000 characters; null for none. 缴费后浏览器返回的页面（http 或 https），1000 字以内；不返回为 null。"""
    state: Literal["created", "pending", "paid", "partially_refunded", "closed", "expired", "failed", "refunded"]
    """The order's state: created, pending (being paid), paid, partially_refunded, refunded, closed, expired or failed. 订单状态：created 待缴费，pending 支付中，paid 已缴费，partially_refunded 部分退款，refunded 已全额退款，closed 已关闭，expired 已过期，failed 支付失败。"""


CreateOrderReply = CloseOrderReply


GetOrderReply = CloseOrderReply


class GetReceiptReplyOriginalBill(TypedDict):
    bill_code: str
    """The bill code (票据代码), 8 digits: supervisor 2, class 2, kind 2, year 2. 票据代码，8 位数字：监管机构 2 位、分类 2 位、种类 2 位、年度 2 位。"""
    bill_number: str
    """The bill number (票据号码), 10 digits. 票据号码，10 位数字。"""


class GetReceiptReply(TypedDict):
    amount_minor: int
    """The receipt's amount, in minor units (分); negative on a red-letter receipt. 票据金额，单位为分；红字票据为负数。"""
    bill_code: str | None
    """The bill code (票据代码), 8 digits; null while the receipt waits. 票据代码，8 位数字；待赋号为 null。"""
    bill_number: str | None
    """The bill number (票据号码), 10 digits; null while the receipt waits. 票据号码，10 位数字；待赋号为 null。"""
    check_code: str | None
    """The check code (校验码) printed on the receipt; null while it waits for a number. 票据校验码；待赋号为 null。"""
    collecting_unit: str
    """The code of the collecting unit (执收单位编码), 6 to 18 digits and capitals. 执收单位编码，6–18 位数字或大写字母。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    currency: str
    """The currency by ISO 4217, three capitals; CNY. 币种（ISO 4217），三位大写字母，人民币为 CNY。"""
    issued_at: str | None
    """When the receipt got its number, UTC; null while it waits. 开具时间（UTC）；待赋号为 null。"""
    kind: Literal["original", "red"]
    """original, or red (takes an original back, in part or whole). 票据种类：original 原始票据，red 红字票据（冲销）。"""
    order_id: str
    """The order's id, such as pay_…. 订单编号（pay_ 开头）。"""
    original_bill: GetReceiptReplyOriginalBill | None
    """Of a red-letter receipt, the code and number of the one it takes back; else null. 红字票据所冲销的原票据代码和号码；其他为 null。"""
    original_id: str | None
    """Of a red-letter receipt, the id of the one it takes back; else null. 红字票据所冲销的原票据编号；其他为 null。"""
    pay_code: str
    """The payment code (缴款码), 20 digits: division 6, year 2, 30, serial 10. 缴款码，20 位数字：区划 6 位、年份 2 位、30、流水号 10 位。"""
    payer_name: str
    """The payer's name, up to 200 characters; it is printed on the receipt. 缴款人名称，200 字以内，打印在票据上。"""
    pdf_base64: str | None
    """The receipt as PDF, in base64; null when it was not asked for. 票据 PDF 文件（Base64）；未请求为 null。"""
    pdf_path: NotRequired[str | None]
    """Where the gateway gives the PDF as a file, with GET; null while the receipt waits for a number. 以 GET 下载 PDF 的网关路径；票据待赋号时为 null。"""
    receipt_id: str
    """The receipt's id, such as rcp_…. 票据在本平台的编号。"""
    refund_id: str | None
    """The refund that a red-letter receipt is for; null on an original one. 红字票据对应的退款编号；原始票据为 null。"""
    state: Literal["waiting", "issued"]
    """waiting (for a number) or issued. 票据状态：waiting 待赋号，issued 已开具。"""


class GetRefundReply(TypedDict):
    amount_minor: int
    """How much is refunded, in minor units (分). 退款金额，单位为分。"""
    channel: str
    """The payment channel by the name in the configuration, such as wechat, alipay or sandbox. 支付渠道，以配置中的名称为准，如 wechat、alipay、sandbox。"""
    completed_at: str | None
    """When the channel made or refused the refund, UTC; null before that. 渠道完成或拒绝退款的时间（UTC）；处理中为 null。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    currency: str
    """The currency by ISO 4217, three capitals; CNY. 币种（ISO 4217），三位大写字母，人民币为 CNY。"""
    failure: str | None
    """A constant for why it failed; null when it did not. 失败原因代码；未失败为 null。"""
    kind: Literal["order", "suspense"]
    """order for a refund that was asked for, suspense for money that came too late or twice and goes back by itself. 退款类别：order 申请退款，suspense 迟到或重复缴费自动退回。"""
    order_id: str
    """The order's id, such as pay_…. 订单编号（pay_ 开头）。"""
    reason: str
    """Why the refund was made. 退款原因。"""
    refund_id: str
    """The refund's id, such as ref_…. 退款编号。"""
    state: Literal["requested", "submitted", "succeeded", "failed"]
    """requested, submitted (to the channel), succeeded or failed. 退款状态：requested 已受理，submitted 已提交渠道，succeeded 已退款，failed 退款失败。"""


class ListChannelsReplyItems(TypedDict):
    channel: str
    """The payment channel by the name in the configuration, such as wechat, alipay or sandbox. 支付渠道，以配置中的名称为准，如 wechat、alipay、sandbox。"""


class ListChannelsReply(TypedDict):
    items: list[ListChannelsReplyItems]
    """Every channel that start_payment takes. 可用于发起支付的全部渠道。"""


class ListDeliveriesReplyItems(TypedDict):
    attempts: int
    """How often sending was tried. 已尝试投递的次数。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    delivered_at: str | None
    """When the app took it, UTC; null before that. 应用确认收到的时间（UTC）；未送达为 null。"""
    delivery_id: str
    """The delivery's id, such as whd_…. 投递编号（whd_ 开头）。"""
    event_id: str
    """The event's id, the same at each attempt; apps take each once. 事件编号，重发时不变；应用据此去重。"""
    event_type: str
    """The event's type, such as those of put_webhook. 事件类型，见 put_webhook。"""
    last_failure: str | None
    """A constant for the last failure, such as timeout or http-status; null when the app took it. 最近一次失败的原因代码，如 timeout、http-status；成功为 null。"""
    last_status: int | None
    """The HTTP status of the last answer; null when there was none. 最近一次应答的 HTTP 状态码；没有应答为 null。"""
    next_attempt_at: str | None
    """When it is tried again, UTC; null when it is not. 下次投递时间（UTC）；不再投递为 null。"""
    order_id: str
    """The order's id, such as pay_…. 订单编号（pay_ 开头）。"""
    state: Literal["pending", "delivered", "failed"]
    """pending (to be sent), delivered, or failed (given up). 投递状态：pending 待发送，delivered 已送达，failed 已放弃。"""
    webhook_id: str
    """The webhook's id, such as whk_…. 回调编号（whk_ 开头）。"""


class ListDeliveriesReply(TypedDict):
    items: list[ListDeliveriesReplyItems]
    """The deliveries on this page, newest first. 本页投递记录，最新的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListFeeItemsReplyItems(TypedDict):
    collecting_unit: str
    """The code of the collecting unit (执收单位编码), 6 to 18 digits and capitals. 执收单位编码，6–18 位数字或大写字母。"""
    currency: str
    """The currency by ISO 4217, three capitals; CNY. 币种（ISO 4217），三位大写字母，人民币为 CNY。"""
    division: str
    """The administrative division (行政区划代码), 6 digits by GB/T 2260. 行政区划代码，6 位（GB/T 2260）。"""
    item_code: str
    """The code of the fee item (收费项目编码), up to 64 characters; list_fee_items gives those in force. 收费项目编码，最长 64 位；有效项目见 list_fee_items。"""
    late_fee_ppm: int
    """The late fee (滞纳金) for each day after the limit date, in millionths of the line's amount: 500 is 万分之五. Never more than the amount itself, cut to whole 分; 0 for none. 滞纳金日率，以百万分之一计：500 即万分之五，按逾期天数计，不超过本金，不足一分舍去；0 为不收。"""
    max_amount_minor: int | None
    """The largest amount of one line, in minor units (分); null without a limit. 单行最高金额，单位为分；不限为 null。"""
    max_quantity: int | None
    """The largest quantity of one line; null without a limit. 单行最大数量；不限为 null。"""
    min_amount_minor: int | None
    """The least amount of one line, in minor units (分); null without a limit. 单行最低金额，单位为分；不限为 null。"""
    min_quantity: int
    """The least quantity of one line. 单行最小数量。"""
    name: str
    """The fee item's name, up to 200 characters, such as 驾驶证工本费. 收费项目名称，200 字以内，如“驾驶证工本费”。"""
    price_minor: int
    """The price of one unit, in minor units (分). 单价，单位为分。"""
    unit: str
    """What one of the quantity is, up to 20 characters, such as 本. 计量单位，20 字以内，如“本”。"""
    valid_from: str
    """From when the version is in force, UTC; in a request, now when left out. 生效时间（UTC）；不传则立即生效。"""
    valid_until: str | None
    """Until when the version is in force, UTC; null without an end. 失效时间（UTC）；长期有效为 null。"""
    version: int
    """The version of the fee item, 1 and up; orders keep the one they were priced by. 收费项目版本号，从 1 起；订单沿用计价时的版本。"""


class ListFeeItemsReply(TypedDict):
    items: list[ListFeeItemsReplyItems]
    """The fee items on this page, by code and version. 本页收费项目，按编码和版本排序。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListOrdersReply(TypedDict):
    items: list[CloseOrderReply]
    """The orders on this page, newest first. 本页订单，最新的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListReceiptsReplyItems(TypedDict):
    amount_minor: int
    """The receipt's amount, in minor units (分); negative on a red-letter receipt. 票据金额，单位为分；红字票据为负数。"""
    bill_code: str | None
    """The bill code (票据代码), 8 digits; null while the receipt waits. 票据代码，8 位数字；待赋号为 null。"""
    bill_number: str | None
    """The bill number (票据号码), 10 digits; null while the receipt waits. 票据号码，10 位数字；待赋号为 null。"""
    check_code: str | None
    """The check code (校验码) printed on the receipt; null while it waits for a number. 票据校验码；待赋号为 null。"""
    collecting_unit: str
    """The code of the collecting unit (执收单位编码), 6 to 18 digits and capitals. 执收单位编码，6–18 位数字或大写字母。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    currency: str
    """The currency by ISO 4217, three capitals; CNY. 币种（ISO 4217），三位大写字母，人民币为 CNY。"""
    issued_at: str | None
    """When the receipt got its number, UTC; null while it waits. 开具时间（UTC）；待赋号为 null。"""
    kind: Literal["original", "red"]
    """original, or red (takes an original back, in part or whole). 票据种类：original 原始票据，red 红字票据（冲销）。"""
    order_id: str
    """The order's id, such as pay_…. 订单编号（pay_ 开头）。"""
    original_id: str | None
    """Of a red-letter receipt, the id of the one it takes back; else null. 红字票据所冲销的原票据编号；其他为 null。"""
    pay_code: str
    """The payment code (缴款码), 20 digits: division 6, year 2, 30, serial 10. 缴款码，20 位数字：区划 6 位、年份 2 位、30、流水号 10 位。"""
    receipt_id: str
    """The receipt's id, such as rcp_…. 票据在本平台的编号。"""
    refund_id: str | None
    """The refund that a red-letter receipt is for; null on an original one. 红字票据对应的退款编号；原始票据为 null。"""
    state: Literal["waiting", "issued"]
    """waiting (for a number) or issued. 票据状态：waiting 待赋号，issued 已开具。"""


class ListReceiptsReply(TypedDict):
    items: list[ListReceiptsReplyItems]
    """The receipts on this page, newest first. 本页票据，最新的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListWebhooksReplyItems(TypedDict):
    app: str | None
    """Whose things it is told of, such as app-demo; null for all apps of the department, which only operators may have. 通知哪个应用的事项，如 app-demo；null 为本部门全部应用，仅运维可设。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    events: list[str]
    """The types of events that are sent. 订阅的事件类型。"""
    key_id: str
    """The name of the secret, sent in the header X-Zhongtai-Key-Id; a new secret has a new one. 签名密钥编号，随请求头 X-Zhongtai-Key-Id 发送；更换密钥后随之改变。"""
    last_success_at: str | None
    """When the app last took an event, UTC; null when it never did. 最近一次投递成功时间（UTC）；从未成功为 null。"""
    state: Literal["active", "suspended"]
    """active, or suspended (given up until put_webhook resumes it). 回调状态：active 启用，suspended 已暂停，再次 put_webhook 即恢复。"""
    suspended_at: str | None
    """When it was given up, UTC; null while it is active. 暂停时间（UTC）；启用中为 null。"""
    url: str
    """The address that events are posted to, https to an allowed host; or queue:own, the app's own queue at the broker. 接收事件的地址，须为 https 且主机在平台允许范围内；或 queue:own，即应用在消息代理上的自有队列。"""
    webhook_id: str
    """The webhook's id, such as whk_…. 回调编号（whk_ 开头）。"""


class ListWebhooksReply(TypedDict):
    items: list[ListWebhooksReplyItems]
    """The webhooks on this page. 本页回调地址。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class PutWebhookReply(TypedDict):
    app: str | None
    """Whose things it is told of, such as app-demo; null for all apps of the department, which only operators may have. 通知哪个应用的事项，如 app-demo；null 为本部门全部应用，仅运维可设。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    events: list[str]
    """The types of events that are sent. 订阅的事件类型。"""
    key_id: str
    """The name of the secret, sent in the header X-Zhongtai-Key-Id; a new secret has a new one. 签名密钥编号，随请求头 X-Zhongtai-Key-Id 发送；更换密钥后随之改变。"""
    last_success_at: str | None
    """When the app last took an event, UTC; null when it never did. 最近一次投递成功时间（UTC）；从未成功为 null。"""
    secret: str | None
    """The secret that signs events, shown only once: of a new webhook or a new secret; else null. 签名密钥，仅在新建或更换时返回一次；其他为 null。"""
    state: Literal["active", "suspended"]
    """active, or suspended (given up until put_webhook resumes it). 回调状态：active 启用，suspended 已暂停，再次 put_webhook 即恢复。"""
    suspended_at: str | None
    """When it was given up, UTC; null while it is active. 暂停时间（UTC）；启用中为 null。"""
    url: str
    """The address that events are posted to, https to an allowed host; or queue:own, the app's own queue at the broker. 接收事件的地址，须为 https 且主机在平台允许范围内；或 queue:own，即应用在消息代理上的自有队列。"""
    webhook_id: str
    """The webhook's id, such as whk_…. 回调编号（whk_ 开头）。"""


RefundOrderReply = GetRefundReply


RemoveWebhookReply = ListWebhooksReplyItems


ResendWebhookReply = ListDeliveriesReplyItems


class StartPaymentReply(TypedDict):
    channel: str
    """The payment channel by the name in the configuration, such as wechat, alipay or sandbox. 支付渠道，以配置中的名称为准，如 wechat、alipay、sandbox。"""
    order_id: str
    """The order's id, such as pay_…. 订单编号（pay_ 开头）。"""
    pay_url: str
    """The page where the payer pays; weixin:// of WeChat Native is shown as a QR code. 支付页面地址；微信 Native 为 weixin:// 链接，须生成二维码展示。"""
    state: Literal["created", "pending", "paid", "partially_refunded", "closed", "expired", "failed", "refunded"]
    """The order's state: created, pending (being paid), paid, partially_refunded, refunded, closed, expired or failed. 订单状态：created 待缴费，pending 支付中，paid 已缴费，partially_refunded 部分退款，refunded 已全额退款，closed 已关闭，expired 已过期，failed 支付失败。"""


class VerifyReceiptReply(TypedDict):
    amount_minor: int | None
    """The receipt's amount, in minor units (分); null when it is not genuine. 票据金额，单位为分；票据不实为 null。"""
    genuine: bool
    """Whether a receipt with this code, number and check code was issued. 是否开具过该代码、号码、校验码的票据。"""
    issued_at: str | None
    """When the receipt was issued, UTC; null when it is not genuine. 开具时间（UTC）；票据不实为 null。"""
    kind: str | None
    """original or red (red-letter); null when it is not genuine. 票据种类：original 原始票据，red 红字票据；票据不实为 null。"""
    red_minor: int | None
    """How much of the receipt red-letter receipts have taken back, in minor units (分); null when it is not genuine. 已被红字冲销的金额，单位为分；票据不实为 null。"""


class EvidenceSealedData(TypedDict):
    head: str
    """Merkle root over all segments so far, 64 hex digits. 截至本段的全部封存段的默克尔根，64 位十六进制。"""
    key_id: str
    """The key that signed the head. 签署链头的密钥编号。"""
    number: int
    """Number of the segment in this log, from 1. 该日志中封存段的序号，从 1 开始。"""
    owner: str
    """The department whose log was continued. 日志所属部门。"""
    signature: str
    """Ed25519 signature of the head, in base64. 链头的 Ed25519 签名，base64 编码。"""
    statement: str
    """The segment's statement as it is hashed: JSON with service, owner, number, first, count, root, previous, sealed_at and key_id. 封存段声明原文（按此计算哈希）：JSON，含 service、owner、number、first、count、root、previous、sealed_at 和 key_id。"""


class OrderClosedData(TypedDict):
    amount_minor: int
    """The order's amount, in minor units (分). 订单应缴金额，单位为分。"""
    closed_at: str
    """When the order ended without payment, UTC. 订单未缴费而终止的时间（UTC）。"""
    currency: str
    """The currency by ISO 4217, three capitals; CNY. 币种（ISO 4217），三位大写字母，人民币为 CNY。"""
    metadata: dict[str, Any]
    """The app's own data, a JSON object of up to 4,096 bytes; it comes back in replies and events. No personal data. 应用自带数据，JSON 对象，不超过 4096 字节，会在返回和事件中原样带回；不得含个人信息。"""
    order_id: str
    """The order's id, such as pay_…. 订单编号（pay_ 开头）。"""
    pay_code: str
    """The payment code (缴款码), 20 digits: division 6, year 2, 30, serial 10. 缴款码，20 位数字：区划 6 位、年份 2 位、30、流水号 10 位。"""
    reference: str | None
    """The app's own number, up to 128 characters; it comes back in replies and events. No personal data. 应用自定的关联编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。"""
    state: str
    """The order's state: created, pending (being paid), paid, partially_refunded, refunded, closed, expired or failed. 订单状态：created 待缴费，pending 支付中，paid 已缴费，partially_refunded 部分退款，refunded 已全额退款，closed 已关闭，expired 已过期，failed 支付失败。"""


class OrderCreatedData(TypedDict):
    amount_minor: int
    """The order's amount, in minor units (分). 订单应缴金额，单位为分。"""
    currency: str
    """The currency by ISO 4217, three capitals; CNY. 币种（ISO 4217），三位大写字母，人民币为 CNY。"""
    metadata: dict[str, Any]
    """The app's own data, a JSON object of up to 4,096 bytes; it comes back in replies and events. No personal data. 应用自带数据，JSON 对象，不超过 4096 字节，会在返回和事件中原样带回；不得含个人信息。"""
    order_id: str
    """The order's id, such as pay_…. 订单编号（pay_ 开头）。"""
    pay_code: str
    """The payment code (缴款码), 20 digits: division 6, year 2, 30, serial 10. 缴款码，20 位数字：区划 6 位、年份 2 位、30、流水号 10 位。"""
    reference: str | None
    """The app's own number, up to 128 characters; it comes back in replies and events. No personal data. 应用自定的关联编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。"""
    state: str
    """The order's state: created, pending (being paid), paid, partially_refunded, refunded, closed, expired or failed. 订单状态：created 待缴费，pending 支付中，paid 已缴费，partially_refunded 部分退款，refunded 已全额退款，closed 已关闭，expired 已过期，failed 支付失败。"""


class OrderPaidData(TypedDict):
    amount_minor: int
    """The order's amount, in minor units (分). 订单应缴金额，单位为分。"""
    currency: str
    """The currency by ISO 4217, three capitals; CNY. 币种（ISO 4217），三位大写字母，人民币为 CNY。"""
    metadata: dict[str, Any]
    """The app's own data, a JSON object of up to 4,096 bytes; it comes back in replies and events. No personal data. 应用自带数据，JSON 对象，不超过 4096 字节，会在返回和事件中原样带回；不得含个人信息。"""
    order_id: str
    """The order's id, such as pay_…. 订单编号（pay_ 开头）。"""
    paid_at: str
    """When the money arrived, UTC. 缴费到账时间（UTC）。"""
    pay_code: str
    """The payment code (缴款码), 20 digits: division 6, year 2, 30, serial 10. 缴款码，20 位数字：区划 6 位、年份 2 位、30、流水号 10 位。"""
    reference: str | None
    """The app's own number, up to 128 characters; it comes back in replies and events. No personal data. 应用自定的关联编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。"""
    state: str
    """The order's state: created, pending (being paid), paid, partially_refunded, refunded, closed, expired or failed. 订单状态：created 待缴费，pending 支付中，paid 已缴费，partially_refunded 部分退款，refunded 已全额退款，closed 已关闭，expired 已过期，failed 支付失败。"""


class OrderRefundedData(TypedDict):
    amount_minor: int
    """The order's amount, in minor units (分). 订单应缴金额，单位为分。"""
    currency: str
    """The currency by ISO 4217, three capitals; CNY. 币种（ISO 4217），三位大写字母，人民币为 CNY。"""
    metadata: dict[str, Any]
    """The app's own data, a JSON object of up to 4,096 bytes; it comes back in replies and events. No personal data. 应用自带数据，JSON 对象，不超过 4096 字节，会在返回和事件中原样带回；不得含个人信息。"""
    order_id: str
    """The order's id, such as pay_…. 订单编号（pay_ 开头）。"""
    pay_code: str
    """The payment code (缴款码), 20 digits: division 6, year 2, 30, serial 10. 缴款码，20 位数字：区划 6 位、年份 2 位、30、流水号 10 位。"""
    reference: str | None
    """The app's own number, up to 128 characters; it comes back in replies and events. No personal data. 应用自定的关联编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。"""
    refund_amount_minor: int
    """How much this refund gave back, in minor units (分). 本次退款金额，单位为分。"""
    refund_id: str
    """The refund's id, such as ref_…. 退款编号。"""
    refunded_minor: int
    """The sum of all refunds made, in minor units (分). 累计已退金额，单位为分。"""
    state: str
    """The order's state: created, pending (being paid), paid, partially_refunded, refunded, closed, expired or failed. 订单状态：created 待缴费，pending 支付中，paid 已缴费，partially_refunded 部分退款，refunded 已全额退款，closed 已关闭，expired 已过期，failed 支付失败。"""


PaymentStartedData = OrderCreatedData


ReceiptIssuedData = ListReceiptsReplyItems


class ReceiptNumbersExhaustedData(TypedDict):
    collecting_unit: str
    """The code of the collecting unit (执收单位编码), 6 to 18 digits and capitals. 执收单位编码，6–18 位数字或大写字母。"""
    receipt_id: str
    """The receipt's id, such as rcp_…. 票据在本平台的编号。"""


class RefundFailedData(TypedDict):
    amount_minor: int
    """How much is refunded, in minor units (分). 退款金额，单位为分。"""
    currency: str
    """The currency by ISO 4217, three capitals; CNY. 币种（ISO 4217），三位大写字母，人民币为 CNY。"""
    kind: str
    """As in get_refund: asked for, or given back by itself. 退款类别，取值同 get_refund。"""
    metadata: dict[str, Any]
    """The app's own data, a JSON object of up to 4,096 bytes; it comes back in replies and events. No personal data. 应用自带数据，JSON 对象，不超过 4096 字节，会在返回和事件中原样带回；不得含个人信息。"""
    order_id: str
    """The order's id, such as pay_…. 订单编号（pay_ 开头）。"""
    reference: str | None
    """The app's own number, up to 128 characters; it comes back in replies and events. No personal data. 应用自定的关联编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。"""
    refund_id: str
    """The refund's id, such as ref_…. 退款编号。"""
    state: str
    """The refund's state after the event: requested, submitted, succeeded or failed. 事件发生后的退款状态，取值同 get_refund。"""


RefundRequestedData = RefundFailedData


RefundSucceededData = RefundFailedData


class WebhookSuspendedData(TypedDict):
    app: str | None
    """Whose things it is told of, such as app-demo; null for all apps of the department, which only operators may have. 通知哪个应用的事项，如 app-demo；null 为本部门全部应用，仅运维可设。"""
    failure: str | None
    """A constant for the last failure, such as timeout; null when there was none. 最近一次失败的原因代码，如 timeout；没有为 null。"""
    status: int | None
    """The HTTP status of the last answer; null when there was none. 最近一次应答的 HTTP 状态码；没有应答为 null。"""
    webhook_id: str
    """The webhook's id, such as whk_…. 回调编号（whk_ 开头）。"""
