"""The gateway's own texts in both languages; English is what the code says, Chinese stands here."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared_components.contracts.json_schema import CHINESE
from shared_components.contracts.registry import MethodContract, ServiceContract
from shared_components.kernel.errors import AppError
from shared_components.kernel.languages import Language
from shared_components.pages.texts import Texts, translate

CHINESE_TEXTS: Texts = {
    "The public methods of all services.": "各组件的全部公开接口。",
    "The app's key.": "应用密钥。",
    "The app's key, beside a person's access token.": "应用密钥，与当事人的访问令牌一并提交。",
    "A person's access token; it counts only with the key of its app.":
        "当事人的访问令牌，仅与其所属应用的密钥一并有效。",
    "What is wrong (RFC 9457). Programs decide by category and code; detail is for people.":
        "错误说明（RFC 9457）。程序按 category 和 code 判断，detail 供人阅读。",
    "Where the code is explained.": "该错误代码的说明页。",
    "What is wrong in general, in the language asked for.": "错误概述，按请求语言返回。",
    "The HTTP status.": "HTTP 状态码。",
    "What is wrong this time, for people.": "本次错误的具体说明，供人阅读。",
    "The error's code, by which programs decide.": "错误代码，供程序判断。",
    "The error's category; each has one HTTP status.": "错误类别，每类对应一个 HTTP 状态码。",
    "The id that finds the call in the platform's log.": "可在平台日志中查到该次调用的编号。",
    "Field errors: what is wrong with each.": "各字段的错误说明。",
    "Facts for programs.": "供程序使用的细节。",
    "Asked again with the same key and body, a method does nothing twice and gives the same reply; the answer "
    "names the key that was made when none is given.":
        "以同一键和同一内容重复请求，只生效一次并返回相同结果；未提供时由平台生成并在响应中返回。",
    "How long the app waits, in seconds.": "应用等待的时长（秒）。",
    "The app's own id of this request, 1 to 80 characters like those of an Idempotency-Key; it comes back, or one that "
    "is made in its place.": "应用自定的请求编号，1–80 个字符，原样返回；未提供时由平台生成。",
    "zh or en.": "zh 或 en，默认 zh。",
    "W3C trace context; without one a trace is begun.": "W3C 链路跟踪标识；未提供时新建。",
    "The id of this request.": "本次请求编号。",
    "The key to ask again with.": "重试时应使用的键。",
    "Seconds to wait before asking again.": "再次请求前应等待的秒数。",
    "How to show who is calling.": "应如何表明调用方身份。",
    "The request is not valid.": "请求不符合要求。",
    "The app key is missing or not known.": "缺少应用密钥或密钥无效。",
    "The app may not use this method.": "该应用无权使用此接口。",
    "The body did not come in time.": "请求内容接收超时。",
    "The body is over the limit.": "请求内容超过大小限制。",
    "The body is not JSON.": "请求内容不是 JSON。",
    "A mistake of the platform; trace_id finds it in its log.": "平台内部错误，可凭 trace_id 在日志中查找。",
    "The service cannot answer now; nothing was done.": "服务暂不可用，未作任何处理。",
    "No reply in time: ask again with the same key.": "未及时得到答复，请用同一键重试。",
    "No reply in time: ask again.": "未及时得到答复，请重试。",
    "What the file is; ask again with If-None-Match.": "文件版本标识，可用 If-None-Match 再次查询。",
    "The file's name.": "文件名。",
    "It is for this app alone, and to be asked for anew.": "仅供本应用使用，每次须重新查询。",
    "Done.": "成功。",
    "The file.": "文件内容。",
    "The app has it already.": "应用已有最新文件。",
    "The ETag of the file that the app has.": "应用已有文件的 ETag。",
    # Pages
    "Home": "首页", "Documentation": "接口文档", "Error codes": "错误代码", "OpenAPI": "OpenAPI",
    # /
    "Reusable components for government applications": "政务应用可复用组件",
    "Who people are, what they hold, what they pay, what they are told, and the matters that put these together.":
        "办事人身份、电子证照、缴费、消息通知，以及串联这些环节的事项办理。",
    "This platform is %(state)s.": "平台状态：%(state)s。", "ready": "可用",
    "%(not_ready)s (%(probe)s says why)": "%(not_ready)s（原因见 %(probe)s）", "not ready": "暂不可用",
    "What is here": "组件一览", "service": "组件", "contract version": "契约版本", "public methods": "公开接口数",
    "what it does": "用途", "What to try next": "从这里开始",
    "A first call, with the key of the demo app:": "第一次调用（使用演示应用的密钥）：",
    "A first call:": "第一次调用：", "<your app's key>": "<应用密钥>",
    "%(documentation)s: every method with its fields and errors, and a form to try it":
        "%(documentation)s：各接口的字段、错误及在线调试表单",
    "%(openapi)s: to generate a client in any language": "%(openapi)s：可用于生成各语言的客户端",
    "%(command)s: one government matter from its first step to its last": "%(command)s：完整演示一个事项的办理过程",
    "%(probes)s for those who run it": "%(probes)s：供运维人员使用",
    # /docs/errors
    "zhongtai: error codes": "zhongtai：错误代码", "category": "类别",
    "An error is a Problem (RFC 9457): type, title, status, detail, code, category, trace_id, and fields where a "
    "field is wrong. Programs decide by category and, where it matters, by code.":
        "错误以 Problem（RFC 9457）返回，包含 type、title、status、detail、code、category、trace_id；字段有误时另有 "
        "fields。程序应按 category 判断，必要时再按 code 判断。",
    # /docs/events, /asyncapi.json
    "Events": "事件", "zhongtai: events": "zhongtai：事件", "Example": "示例",
    "Events of all services.": "各组件的全部事件。",
    "Each event comes at least once; the id tells a repeated one. Events of one aggregate come in the order of their "
    "sequence. %(asyncapi)s describes them for programs.":
        "每个事件至少送达一次，可按 id 去重；同一聚合的事件按 sequence 顺序送达。%(asyncapi)s 为机器可读的说明。",
    # /docs
    "zhongtai: documentation": "zhongtai：接口文档", "Methods": "接口目录",
    "Every method is a POST with a JSON object, and answers 200 with one; an error is a %(problem)s. Where a reply "
    "holds a file, GET gives it as a file.":
        "每个接口均以 POST 提交 JSON 对象，成功返回 200 及 JSON 对象；出错时返回 %(problem)s。返回内容含文件的，可用 "
        "GET 直接下载。",
    "A method marked %(changes)s takes an %(key)s: asked again with the same key and body, it does nothing twice.":
        "标有 %(changes)s 的接口可带 %(key)s：以同一键和同一内容重复请求，只生效一次。",
    "App key for the forms below": "下方表单使用的应用密钥", "that of the demo app": "演示应用的密钥",
    "changes": "有变更", "Request": "请求", "Reply": "返回", "Errors": "错误", "Try it": "试一试", "Send": "发送",
    "Example of a reply": "返回示例", "As a file": "下载文件", "Get the file": "下载", "No fields.": "无字段。",
    "field": "字段", "type": "类型", "required": "必填", "meaning": "含义", "limits": "限制", "yes": "是",
    "code": "代码", "JSON for %(method)s": "%(method)s 的 JSON",
    "Besides, every method may answer with an error of the %(own)s.": "此外，各接口均可能返回%(own)s。",
    "platform's own": "平台通用错误",
    " characters": " 个字符", " items": " 项", " entries": " 项", "": "",
    "{low} to {high}{unit}": "{low}–{high}{unit}", "at least {low}{unit}": "不少于 {low}{unit}",
    "at most {high}{unit}": "不超过 {high}{unit}", "one of {}": "取值：{}", "more than {}": "大于 {}",
    "less than {}": "小于 {}", "like {}": "格式 {}", "default {}": "默认 {}", "always {}": "固定为 {}",
    "personal data": "个人信息", "sensitive data": "敏感信息", "secret data": "保密信息",
}


def say(text: str, language: Language) -> str:
    """Raises KeyError for a text that has no Chinese."""
    return translate(text, language, CHINESE_TEXTS)


def summary(of: MethodContract | ServiceContract, language: Language) -> str:
    """The summary of a method or service; English where there is no Chinese."""
    return (of.summary_zh if language == "zh" else "") or of.summary


def error_text(kind: type[AppError], language: Language) -> str:
    return kind.texts.get(language, "")


def in_language(schema: Any, language: Language) -> Any:
    """A JSON Schema with its descriptions in one language."""
    if isinstance(schema, list):
        return [in_language(one, language) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    told = {key: in_language(value, language) for key, value in schema.items() if key != CHINESE}
    # A property may have the name `description`, which is then a schema and no text.
    if language == "zh" and isinstance(schema.get(CHINESE), str):
        told["description"] = schema[CHINESE]
    return told
