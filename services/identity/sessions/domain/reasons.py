"""The reasons for which a session or a grant ends. Each is stored and shown; none says more than this."""
from __future__ import annotations

from shared_components.kernel.bilingual import Bilingual

LOGGED_OUT, BY_OWNER, BY_OPERATOR = "logged-out", "ended-by-owner", "ended-by-operator"
CREDENTIAL_CHANGED, LEVEL_LOWERED = "credential-changed", "level-lowered"
MEMBERSHIP_CHANGED = "membership-changed"
SUBJECT_FROZEN, SUBJECT_CLOSED, SUBJECT_MERGED = "subject-frozen", "subject-closed", "subject-merged"
MANDATE_ENDED = "mandate-ended"
APP_CLOSED, KEY_REVOKED = "app-closed", "key-revoked"
CONSENT_REVOKED, TOKEN_REVOKED, TOKEN_REPLAYED = "consent-revoked", "token-revoked", "token-replayed"

LABELS = {
    LOGGED_OUT: Bilingual("Logged out", "已退出登录"),
    BY_OWNER: Bilingual("Ended by the person", "本人结束"),
    BY_OPERATOR: Bilingual("Ended by an operator", "运维人员结束"),
    CREDENTIAL_CHANGED: Bilingual("A sign-in method was changed", "登录方式已变更"),
    LEVEL_LOWERED: Bilingual("The assurance level was lowered", "实名等级已降低"),
    MEMBERSHIP_CHANGED: Bilingual("The officer's membership ended or moved", "任职已结束或变动"),
    SUBJECT_FROZEN: Bilingual("The account was frozen", "账户已冻结"),
    SUBJECT_CLOSED: Bilingual("The account was closed", "账户已注销"),
    SUBJECT_MERGED: Bilingual("The account was merged into another one", "账户已并入另一账户"),
    MANDATE_ENDED: Bilingual("The mandate ended", "授权经办已结束"),
    APP_CLOSED: Bilingual("The app was closed", "应用已下线"),
    KEY_REVOKED: Bilingual("The app has no key any more", "应用已无有效密钥"),
    CONSENT_REVOKED: Bilingual("The consent to the app was revoked", "对应用的授权已撤销"),
    TOKEN_REVOKED: Bilingual("The app revoked its token", "应用已撤销令牌"),
    TOKEN_REPLAYED: Bilingual("A refresh token was used twice", "刷新令牌被重复使用"),
}
OF_SUBJECT_STATE = {"frozen": SUBJECT_FROZEN, "closed": SUBJECT_CLOSED}
