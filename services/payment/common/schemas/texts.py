"""Meanings of fields that several messages have, in English and Chinese."""
from __future__ import annotations

from shared_components.contracts import text

ORDER_ID = text(
    "The order's id, such as pay_….",
    "订单编号（pay_ 开头）。")
CHANNEL = text(
    "The payment channel by the name in the configuration, such as wechat, alipay or sandbox.",
    "支付渠道，以配置中的名称为准，如 wechat、alipay、sandbox。")
STATE = text(
    "The order's state: created, pending (being paid), paid, partially_refunded, refunded, closed, expired or "
    "failed.",
    "订单状态：created 待缴费，pending 支付中，paid 已缴费，partially_refunded 部分退款，refunded 已全额退款，"
    "closed 已关闭，expired 已过期，failed 支付失败。")
BUSINESS_DAY = text(
    "The business day in China, YYYY-MM-DD, from 0:00 to 24:00 (UTC+8).",
    "营业日，YYYY-MM-DD，按北京时间 0 点至 24 点。")
ENTRY_COUNT = text(
    "How many ledger entries there are in the period.",
    "期间内的分录笔数。")
CURRENCY = text(
    "The currency by ISO 4217, three capitals; CNY.",
    "币种（ISO 4217），三位大写字母，人民币为 CNY。")
AMOUNT_MINOR = text(
    "An amount in minor units (分), a whole number.",
    "金额，单位为分（整数）。")
PAY_CODE = text(
    "The payment code (缴款码), 20 digits: division 6, year 2, 30, serial 10.",
    "缴款码，20 位数字：区划 6 位、年份 2 位、30、流水号 10 位。")
COLLECTING_UNIT = text(
    "The code of the collecting unit (执收单位编码), 6 to 18 digits and capitals.",
    "执收单位编码，6–18 位数字或大写字母。")
PAYER_SUBJECT = text(
    "The payer's id in identity, such as sub_…; null when unknown.",
    "缴款人在身份服务中的编号（sub_ 开头）；未知为 null。")
REFUNDED_MINOR = text(
    "The sum of all refunds made, in minor units (分).",
    "累计已退金额，单位为分。")
REFERENCE = text(
    "The app's own number, up to 128 characters; it comes back in replies and events. No personal data.",
    "应用自定的关联编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。")
RETURN_URL = text(
    "The http or https page that the payer's browser goes to after paying, up to 1,000 characters; null for none.",
    "缴费后浏览器返回的页面（http 或 https），1000 字以内；不返回为 null。")
METADATA = text(
    "The app's own data, a JSON object of up to 4,096 bytes; it comes back in replies and events. No personal data.",
    "应用自带数据，JSON 对象，不超过 4096 字节，会在返回和事件中原样带回；不得含个人信息。")
CREATED_AT = text(
    "When it was made, UTC.",
    "创建时间（UTC）。")
ITEM_CODE = text(
    "The code of the fee item (收费项目编码), up to 64 characters; list_fee_items gives those in force.",
    "收费项目编码，最长 64 位；有效项目见 list_fee_items。")
NAME = text(
    "The fee item's name, up to 200 characters, such as 驾驶证工本费.",
    "收费项目名称，200 字以内，如“驾驶证工本费”。")
UNIT = text(
    "What one of the quantity is, up to 20 characters, such as 本.",
    "计量单位，20 字以内，如“本”。")
QUANTITY = text(
    "How many units, 1 to 100,000.",
    "数量，1–100000。")
PRICE_MINOR = text(
    "The price of one unit, in minor units (分).",
    "单价，单位为分。")
LIMIT_DATE = text(
    "The last day to pay without late fee (限缴日期), YYYY-MM-DD, in China's time; needed where the fee item has a "
    "late fee, else null.",
    "限缴日期（含当日），YYYY-MM-DD，北京时间，逾期加收滞纳金；有滞纳金的项目必填，其余为 null。")
PAYER_NAME = text(
    "The payer's name, up to 200 characters; it is printed on the receipt.",
    "缴款人名称，200 字以内，打印在票据上。")
ACCOUNT = text(
    "A ledger account, such as channel-clearing/wechat or fiscal-payable/<collecting unit>.",
    "账户名称，如 channel-clearing/wechat（渠道在途）、fiscal-payable/执收单位编码（应缴财政）。")
FIRST_DAY = text(
    "The first business day of the period, YYYY-MM-DD.",
    "期间首日（含），YYYY-MM-DD。")
LAST_DAY = text(
    "The last business day of the period, YYYY-MM-DD; at most 366 days after the first.",
    "期间末日（含），YYYY-MM-DD；与首日相距不超过 366 天。")
DEBIT_MINOR = text(
    "The sum of debits, in minor units (分).",
    "借方合计，单位为分。")
CREDIT_MINOR = text(
    "The sum of credits, in minor units (分).",
    "贷方合计，单位为分。")
FINAL = text(
    "Whether every day of it is closed, so that it will not change.",
    "所涉营业日是否均已关账，关账后不再变化。")
RECEIPT_ID = text(
    "The receipt's id, such as rcp_….",
    "票据在本平台的编号。")
BILL_CODE = text(
    "The bill code (票据代码), 8 digits: supervisor 2, class 2, kind 2, year 2.",
    "票据代码，8 位数字：监管机构 2 位、分类 2 位、种类 2 位、年度 2 位。")
BILL_NUMBER = text(
    "The bill number (票据号码), 10 digits.",
    "票据号码，10 位数字。")
REFUND_ID = text(
    "The refund's id, such as ref_….",
    "退款编号。")
KIND = text(
    "payment or refund.",
    "款项类别：payment 缴费，refund 退款。")
DATE = text(
    "The day of the statement's trades, YYYY-MM-DD, in China.",
    "对账日期，YYYY-MM-DD（北京时间）。")
FORMAT = text(
    "The file's format: zhongtai, wechat or alipay.",
    "文件格式：zhongtai、wechat 或 alipay。")
STATEMENT_ID = text(
    "The statement's id, such as stm_….",
    "对账单编号。")
LINE_COUNT = text(
    "How many lines the statement has.",
    "对账单明细行数。")
REFUND_COUNT = text(
    "How many refunds there are.",
    "退款笔数。")
FEES_MINOR = text(
    "What the channel kept less what it gave back, in minor units (分); null when the file does not say.",
    "渠道手续费净额（收取减返还），单位为分；文件未载明为 null。")
DIFFERENCE_ID = text(
    "The difference's id, the same at each comparison.",
    "差异编号，重复对账时不变。")
DIVISION = text(
    "The administrative division (行政区划代码), 6 digits by GB/T 2260.",
    "行政区划代码，6 位（GB/T 2260）。")
VALID_FROM = text(
    "From when the version is in force, UTC; in a request, now when left out.",
    "生效时间（UTC）；不传则立即生效。")
VALID_UNTIL = text(
    "Until when the version is in force, UTC; null without an end.",
    "失效时间（UTC）；长期有效为 null。")
LATE_FEE_PPM = text(
    "The late fee (滞纳金) for each day after the limit date, in millionths of the line's amount: 500 is 万分之五. "
    "Never more than the amount itself, cut to whole 分; 0 for none.",
    "滞纳金日率，以百万分之一计：500 即万分之五，按逾期天数计，不超过本金，不足一分舍去；0 为不收。")
MIN_QUANTITY = text(
    "The least quantity of one line.",
    "单行最小数量。")
MAX_QUANTITY = text(
    "The largest quantity of one line; null without a limit.",
    "单行最大数量；不限为 null。")
MIN_AMOUNT_MINOR = text(
    "The least amount of one line, in minor units (分); null without a limit.",
    "单行最低金额，单位为分；不限为 null。")
MAX_AMOUNT_MINOR = text(
    "The largest amount of one line, in minor units (分); null without a limit.",
    "单行最高金额，单位为分；不限为 null。")
FIRST_NUMBER = text(
    "The first bill number of the range, 1 to 9,999,999,999.",
    "号段起号（含），1–9999999999。")
LAST_NUMBER = text(
    "The last bill number of the range, which belongs to it.",
    "号段止号（含），不小于起号。")
