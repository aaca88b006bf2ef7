"""Texts that the contacts of an account get. Logic-less: `((name))` is a value."""
from __future__ import annotations

from collections.abc import Mapping

CODE_MESSAGE, WARNING_MESSAGE = "identity-sign-in-code", "identity-security-notice"
LOCALES = ("zh-CN", "en")

TEXTS: Mapping[tuple[str, str], tuple[str, str]] = {
    (CODE_MESSAGE, "zh-CN"): (
        "登录验证码",
        "您的登录验证码为 ((code))，((minutes)) 分钟内有效，仅可在您打开的登录页面使用一次。\n"
        "工作人员不会向您索要验证码。如非本人操作，请忽略本邮件。"),
    (CODE_MESSAGE, "en"): (
        "Your sign-in code",
        "Your sign-in code is ((code)). It is good for ((minutes)) minutes, once, on the page where you asked for it.\n"
        "No member of staff will ask you for it. If you did not ask for it, ignore this message."),
    (WARNING_MESSAGE, "zh-CN"): (
        "账号安全提醒",
        "您的账号有变动：((what))\n时间（UTC）：((at))\n如非本人操作，请立即用其他登录方式登录并修改密码，或到窗口办理。"),
    (WARNING_MESSAGE, "en"): (
        "A change to your account",
        "Your account was changed: ((what))\nTime (UTC): ((at))\n"
        "If it was not you, sign in by another method and change your password at once, or go to a counter."),
}
"""(code, locale) → subject and body."""

CHANGES: Mapping[str, Mapping[str, str]] = {
    "password-set": {"zh-CN": "已设置密码。", "en": "a password was set."},
    "password-changed": {
        "zh-CN": "密码已修改，其他设备上的登录已退出。",
        "en": "the password was changed, and other sessions were ended."},
    "account-recovered": {
        "zh-CN": "账号已通过找回方式变更，所有登录已退出，原实名核验失效；请重新核验身份。",
        "en": "it was recovered by a code that was sent to you. All sessions were ended, and its verification "
              "counts no more: verify your identity again."},
    "totp-added": {"zh-CN": "已启用动态口令。", "en": "an authenticator app was added."},
    "passkey-added": {"zh-CN": "已添加通行密钥。", "en": "a passkey was added."},
    "method-removed": {"zh-CN": "已移除一种登录方式。", "en": "a sign-in method was removed."},
    "recovery-codes-made": {
        "zh-CN": "已重新生成恢复码，原恢复码作废。", "en": "recovery codes were made; earlier ones no longer count."},
    "recovery-code-used": {"zh-CN": "使用了一个恢复码登录。", "en": "a recovery code was used to sign in."},
    "username-changed": {"zh-CN": "用户名已修改。", "en": "the username was changed."},
    "guardian-agreed": {"zh-CN": "监护人已同意使用账号。", "en": "a guardian agreed to the account."},
    "guardian-revoked": {
        "zh-CN": "监护人已撤回同意，账号暂停登录。",
        "en": "a guardian took the consent back; the account cannot sign in."},
}
"""Changes of an account → what its contacts read."""
