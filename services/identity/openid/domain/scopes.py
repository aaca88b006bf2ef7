"""Scopes: what a person lets an app see and do. Those of resources are named as the methods' rules name them."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from services.identity.openid.domain.oauth_errors import INVALID_SCOPE, OAuthRefused
from shared_components.kernel.bilingual import Bilingual

OPENID, PROFILE, EMAIL, PHONE, OFFLINE_ACCESS = "openid", "profile", "email", "phone", "offline_access"
OF_PERSON: Mapping[str, Bilingual] = {
    OPENID: Bilingual("Know that it is you", "确认您的登录身份"),
    PROFILE: Bilingual("See your name and how surely it was verified", "查看您的姓名和实名等级"),
    EMAIL: Bilingual("See your e-mail address", "查看您的电子邮箱"),
    PHONE: Bilingual("See your mobile number", "查看您的手机号码"),
    OFFLINE_ACCESS: Bilingual("Stay signed in until you log out", "保持登录，直至退出"),
}
OF_RESOURCES: Mapping[str, Bilingual] = {
    "subject": Bilingual("See your own entry in the register of persons", "查看您的登记信息"),
    "order": Bilingual("See and pay your orders", "查看并支付您的缴费订单"),
    "receipt": Bilingual("See your receipts", "查看您的电子票据"),
    "licence": Bilingual("See and present your licences", "查看并出示您的电子证照"),
    "case": Bilingual("See and file your cases", "查看并办理您的事项"),
    "message": Bilingual("Read your messages", "查看您的消息"),
    "consent": Bilingual("See and withdraw your consents to apps", "查看并撤回您对应用的授权"),
    "session": Bilingual("See and end your sessions", "查看并结束您的登录会话"),
    "mandate": Bilingual("See and give mandates", "查看并办理授权经办"),
    "credential": Bilingual("See and change how you sign in", "查看并更改您的登录方式"),
    "guardian-consent": Bilingual("See and give consents for children in your care", "查看并办理监护人同意"),
    "personal-information": Bilingual("See and file requests about your data", "查看并提交个人信息申请"),
}
"""Things that citizens hold, of all shipped services; a type may follow, as in `licence:driving-licence`."""
KNOWN: Mapping[str, Bilingual] = {**OF_PERSON, **OF_RESOURCES}
WITHOUT_CONSENT = frozenset({OPENID, OFFLINE_ACCESS})
"""Tells the app nothing but that it is the same person again. Refresh tokens end with the session, asked for or not."""
MOST_SCOPES = 32
_TYPE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def scopes_of(text: str | None) -> frozenset[str]:
    """The scopes that a request names. Raises OAuthRefused for unknown ones."""
    named = (text or "").split(" ") if text else []
    if len(named) > MOST_SCOPES:
        raise OAuthRefused(INVALID_SCOPE, f"more than {MOST_SCOPES} scopes are asked for")
    unknown = [name for name in named if not is_known(name)]
    if unknown:
        raise OAuthRefused(INVALID_SCOPE, f"a scope is unknown; known are {' '.join(KNOWN)}")
    return frozenset(named)


def is_known(scope: str) -> bool:
    kind, colon, type_ = scope.partition(":")
    if not colon:
        return kind in KNOWN
    return kind in OF_RESOURCES and _TYPE.fullmatch(type_) is not None


def title_of(scope: str) -> Bilingual:
    """Say to the person who consents what a scope lets an app do. A type is shown by its code."""
    kind, colon, type_ = scope.partition(":")
    title = KNOWN[kind]
    return Bilingual(f"{title} ({type_})", f"{title.zh}（{type_}）") if colon else title


def of_resources(scopes: Iterable[str]) -> frozenset[str]:
    """Those that name resources: what an access token covers."""
    return frozenset(scope for scope in scopes if scope.partition(":")[0] in OF_RESOURCES)


def text_of(scopes: Iterable[str]) -> str:
    return " ".join(sorted(scopes))
