"""What the pages say, in Chinese and in English."""
from __future__ import annotations

from starlette.requests import Request

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("居住证换领", "Renewal of a residence permit"),
    "home.citizen": ("我要申请", "I want to apply"),
    "home.cases": ("我的办件", "My cases"),
    "home.desk": ("工作人员入口", "For officers"),
    "home.shop": ("核验居住证", "Verify a permit"),
    "home.sandbox": ("演示环境，人物与数据均为虚构。", "A demonstration: all persons and data are invented."),
    "apply.submit": ("提交申请", "Submit the application"),
    "apply.choose": ("请选择", "Choose"),
    "apply.required": ("（必填）", "(required)"),
    "case.title": ("办件", "Case"),
    "case.state": ("状态", "State"),
    "case.timeline": ("办理进度", "What has happened"),
    "case.pay": ("去缴费", "Pay now"),
    "case.withdraw": ("撤回申请", "Withdraw the application"),
    "case.licence": ("出示居住证", "Show the permit"),
    "case.none": ("还没有办件。", "There is no case yet."),
    "case.refresh": ("刷新", "Refresh"),
    "code.title": ("居住证核验码", "Code of the permit"),
    "code.hint": ("请商户扫描二维码，或在核验页输入核验码。核验码只能使用一次。",
                  "Let the shop scan it, or type the code on its page. A code works once."),
    "desk.title": ("审核工作台", "Officers' desk"),
    "desk.none": ("没有待办环节。", "Nothing waits."),
    "desk.open": ("办理", "Open"),
    "desk.applicant": ("申请表", "The application"),
    "desk.reason": ("理由（不予通过时必填，申请人可见）", "Reason (needed to refuse; the applicant sees it)"),
    "desk.approve": ("通过", "Approve"),
    "desk.refuse": ("不予通过", "Refuse"),
    "desk.due": ("办理期限", "Due"),
    "shop.title": ("核验居住证", "Verify a residence permit"),
    "shop.code": ("核验码", "Code"),
    "shop.verify": ("核验", "Verify"),
    "shop.valid": ("有效", "Valid"),
    "shop.invalid": ("无效", "Not valid"),
    "shop.holder": ("持证人", "Holder"),
    "shop.until": ("有效期至", "Valid until"),
    "login": ("登录", "Sign in"),
    "logout": ("退出登录", "Sign out"),
    "problem": ("没有办成", "It did not work"),
    "login.refused": ("登录没有完成，可以重新登录。", "The login was not completed. You can sign in again."),
    "form.old": ("页面已过期，请返回后重试。", "The page is too old. Go back and try again."),
    "back": ("返回首页", "Back to the start"),
    "yes": ("是", "Yes"),
    "language": ("English", "中文"),
}


def language(request: Request) -> str:
    """`zh`, or `en` for browsers that prefer it: Chinese first."""
    chosen = request.query_params.get("lang") or request.cookies.get("lang") or ""
    if chosen in {"zh", "en"}:
        return chosen
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"


def text(name: str, spoken: str) -> str:
    return TEXTS[name][0 if spoken == "zh" else 1]
