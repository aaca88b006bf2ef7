"""The numbers of Chinese public administration: what they are made of, and whether they can be right.

Every function is pure; "today" is passed in. Messages never contain the number itself: most are personal data.
"""
from shared_components.kernel.numbers.base import NumberError
from shared_components.kernel.numbers.credit_code import complete_credit_code, validate_credit_code
from shared_components.kernel.numbers.divisions import PROVINCES, validate_division
from shared_components.kernel.numbers.fiscal_bill import FiscalBillNumber
from shared_components.kernel.numbers.food_licence import food_licence_number, validate_food_licence_number
from shared_components.kernel.numbers.item_code import ItemCode, validate_basic_item_code
from shared_components.kernel.numbers.licence_identifier import LicenceIdentifier, lint_licence_identifier
from shared_components.kernel.numbers.masking import mask_email, mask_middle, mask_mobile, mask_name
from shared_components.kernel.numbers.pay_code import PayCodeGenerator, pay_code, validate_pay_code
from shared_components.kernel.numbers.resident_id import (
    birth_date,
    complete_resident_id,
    is_male,
    mask_resident_id,
    validate_resident_id,
)

__all__ = [
    "PROVINCES",
    "FiscalBillNumber",
    "ItemCode",
    "LicenceIdentifier",
    "NumberError",
    "PayCodeGenerator",
    "birth_date",
    "complete_credit_code",
    "complete_resident_id",
    "food_licence_number",
    "is_male",
    "lint_licence_identifier",
    "mask_email",
    "mask_middle",
    "mask_mobile",
    "mask_name",
    "mask_resident_id",
    "pay_code",
    "validate_basic_item_code",
    "validate_credit_code",
    "validate_division",
    "validate_food_licence_number",
    "validate_pay_code",
    "validate_resident_id",
]
