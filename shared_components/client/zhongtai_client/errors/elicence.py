"""Errors whose codes begin with `elicence.`. Written by `zhongtai clients python`; do not edit."""
from __future__ import annotations

from shared_components.kernel import errors as _errors


class FieldUnknown(_errors.InvalidInput):
    """The licence has no such field. 证照不含该字段。"""

    code = "elicence.field-unknown"
    http_status = 400
    texts = {'en': 'The licence has no such field.', 'zh': '证照不含该字段。'}
    of_client = True


class LicenceNotFound(_errors.NotFound):
    """There is no such licence. 未查到该证照。"""

    code = "elicence.licence-not-found"
    http_status = 404
    texts = {'en': 'There is no such licence.', 'zh': '未查到该证照。'}
    of_client = True


class LicenceNotUsable(_errors.Conflict):
    """The licence cannot be shown in its state. 证照当前状态不能出示。"""

    code = "elicence.licence-not-usable"
    http_status = 409
    texts = {'en': 'The licence cannot be shown in its state.', 'zh': '证照当前状态不能出示。'}
    of_client = True
