"""Errors of keys, ciphertexts, signatures and tokens."""
from __future__ import annotations

from shared_components.kernel.errors import AppError, Internal, TooManyRequests, Unauthenticated


class KeyConfigurationError(ValueError):
    """The configured key material cannot be used.

    key: the configuration key, such as `security.master_key_file`; the message never holds the value of a secret.
    """

    def __init__(self, key: str, what_is: str, allowed: str) -> None:
        self.key = key
        self.allowed = allowed
        super().__init__(f"{key} {what_is}; allowed: {allowed}")


class Undecryptable(Internal):
    """A stored value was changed, belongs to another record, or its key is gone."""

    code = "security.undecryptable"
    texts = {"en": "A stored value cannot be decrypted.", "zh": "存储的数据无法解密。"}


class SignatureMissing(Unauthenticated):
    code = "security.signature-missing"
    texts = {"en": "The request is not signed.", "zh": "请求缺少签名。"}


class SignatureInvalid(Unauthenticated):
    """Also what an unknown key id looks like, so that key ids cannot be probed."""

    code = "security.signature-invalid"
    texts = {"en": "The request's signature is wrong.", "zh": "请求签名不正确。"}


class SignatureExpired(Unauthenticated):
    code = "security.signature-expired"
    texts = {"en": "The request was signed too long ago, or in the future.", "zh": "请求签名时间超出允许范围。"}


class TokenInvalid(Unauthenticated):
    """One error for every reason: who forges tokens learns nothing from the answer."""

    code = "security.token-invalid"
    texts = {"en": "The token is not valid.", "zh": "令牌无效。"}


class TooManyFailures(TooManyRequests):
    """The caller has shown too many wrong tokens or tickets; nothing was verified."""

    code = "security.too-many-failures"
    texts = {"en": "Too many wrong tokens; try later.", "zh": "无效令牌过多，请稍后再试。"}


class TokenExpired(TokenInvalid):
    """The signature is good but the time is over: the holder should refresh."""

    code = "security.token-expired"
    texts = {"en": "The token has expired.", "zh": "令牌已过期。"}


TOKEN_ERRORS: tuple[type[AppError], ...] = (TokenInvalid, TokenExpired, TooManyFailures)
