"""Fields for addresses of people, by the kernel's rules."""
from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.email_address import ALLOWED, LONGEST, EmailAddressInvalid, parse_email_address


class EmailAddressField(fields.Email):
    """An e-mail address, loaded in its stored form (kernel/email_address.py). Errors never repeat the address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # marshmallow's own rule differs: it takes quoted local parts and address literals.
        self.validators = [validate.Length(3, LONGEST)]

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return str(parse_email_address(text))
        except EmailAddressInvalid:
            raise ValidationError(Bilingual(
                f"Not an e-mail address; {ALLOWED} is allowed.",
                f"不是有效的电子邮箱地址；只允许{ALLOWED.zh}。")) from None
