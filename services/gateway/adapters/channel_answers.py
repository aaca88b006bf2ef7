"""What payment channels want to hear of a callback: each has its own words for taken and for "send it again".

Sources: https://pay.weixin.qq.com/doc/v3/merchant/4012071382 (204, or a JSON with code and message),
https://opendocs.alipay.com/open/270/105902 (the seven letters `success`, and nothing else)
"""
from __future__ import annotations

import orjson
from starlette.responses import PlainTextResponse, Response

from services.gateway.adapters.problems import outside
from shared_components.kernel.errors import AppError

TAKEN = {"code": "SUCCESS", "message": "成功"}
WORDS_OF_THEIR_OWN = ("wechat", "alipay")


def taken(channel: str) -> Response:
    if channel == "wechat":
        return Response(status_code=204)
    if channel == "alipay":
        return PlainTextResponse("success")
    return Response(orjson.dumps(TAKEN), media_type="application/json")


def refused(channel: str, error: AppError) -> Response:
    """For the channels with words of their own. The words say what went wrong, and nothing of what was sent."""
    shown = outside(error)
    if channel == "alipay":
        return PlainTextResponse("fail", shown.http_status)
    content = {"code": "FAIL", "message": shown.texts.get("zh", "失败")}
    return Response(orjson.dumps(content), shown.http_status, media_type="application/json")
