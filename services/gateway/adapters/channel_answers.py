"""Answers that payment channels and carriers expect to a callback: each has its words for taken and "send it again".

Sources: https://pay.weixin.qq.com/doc/v3/merchant/4012071382 (204, or a JSON with code and message),
https://opendocs.alipay.com/open/270/105902 (the seven letters `success`, and nothing else),
https://help.aliyun.com/zh/sms/developer-reference/smsreport (code 0), https://cloud.tencent.com/document/product/382/52077
(result 0)
"""
from __future__ import annotations

from collections.abc import Callable

import orjson
from starlette.responses import PlainTextResponse, Response

from services.gateway.adapters.problems import headers_for, outside, title
from shared_components.kernel.errors import AppError

# WeChat Pay's form, which others have taken over.
TAKEN = {"code": "SUCCESS", "message": "成功"}
REFUSED = "FAIL"
TAKEN_BY_CARRIERS = {"aliyun": {"code": 0, "msg": "成功"}, "tencent": {"result": 0, "errmsg": "OK"}}


def taken(channel: str) -> Response:
    if channel == "wechat":
        return Response(status_code=204)
    if channel == "alipay":
        return PlainTextResponse("success")
    return Response(orjson.dumps(TAKEN_BY_CARRIERS.get(channel, TAKEN)), media_type="application/json")


def refusal(channel: str) -> Callable[..., Response]:
    """How the channel is told of an error; called as problems.problem is."""
    return _alipay_refusal if channel == "alipay" else channel_refusal


def channel_refusal(error: AppError, *, base_url: str, locale: str, trace_id: str) -> Response:
    """Give the mistake as a channel's log shows it to the channel's staff."""
    shown = outside(error)
    content = {"code": REFUSED, "message": title(shown, locale), "trace_id": trace_id}
    return Response(orjson.dumps(content), shown.http_status, headers_for(shown), media_type="application/json")


def _alipay_refusal(error: AppError, *, base_url: str, locale: str, trace_id: str) -> Response:
    shown = outside(error)
    return PlainTextResponse("fail", shown.http_status, headers_for(shown))
