"""Methods of service `elicence`. Written by `zhongtai clients python`; do not edit."""
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from zhongtai_client.types import elicence as types


class Elicence:
    """Issues electronic licences, keeps their life cycle, and lets others check them. 签发、出示、核验、注销电子证照。"""

    def get(
        self, *,
        identifier: str = ...,
        licence_id: str = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetReply:
        """One licence, by its id or its identifier. 按证照编号或证照标识查询一张证照，二者只填其一。

        Raises elicence.LicenceNotFound."""

    def list_by_holder(
        self, *,
        holder_subject: str,
        after: str | None = ...,
        limit: int = ...,
        state: Literal["issued", "suspended", "expired", "superseded", "revoked", "cancelled", "withdrawn", "transferred", None] = ...,
        type_code: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListByHolderReply:
        """The licences of a holder, newest first. 查询某持证人的证照，最新的在前。

        Raises platform.PageCursorInvalid."""

    def list_types(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        type_code: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListTypesReply:
        """The current licence types of the department. 查询证照类型目录，按代码排序。

        Raises platform.PageCursorInvalid."""

    def present(
        self, *,
        holder_subject: str,
        licence_id: str,
        purpose: str,
        fields: Sequence[str] = ...,
        verifier: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PresentReply:
        """Make a code with which a licence is shown once, for a short time, for one purpose. 生成一次性核验码，供持证人在短时间内为某一用途出示证照。

        Raises elicence.FieldUnknown, elicence.LicenceNotFound, elicence.LicenceNotUsable."""

    def verify(
        self, *,
        code: str = ...,
        identifier: str = ...,
        purpose: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.VerifyReply:
        """Whether a licence holds now, by the code that its holder shows or by its identifier. 凭核验码或证照标识核验证照此刻是否有效，二者只填其一。"""

class AsyncElicence:
    """Issues electronic licences, keeps their life cycle, and lets others check them. 签发、出示、核验、注销电子证照。"""

    async def get(
        self, *,
        identifier: str = ...,
        licence_id: str = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetReply:
        """One licence, by its id or its identifier. 按证照编号或证照标识查询一张证照，二者只填其一。

        Raises elicence.LicenceNotFound."""

    async def list_by_holder(
        self, *,
        holder_subject: str,
        after: str | None = ...,
        limit: int = ...,
        state: Literal["issued", "suspended", "expired", "superseded", "revoked", "cancelled", "withdrawn", "transferred", None] = ...,
        type_code: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListByHolderReply:
        """The licences of a holder, newest first. 查询某持证人的证照，最新的在前。

        Raises platform.PageCursorInvalid."""

    async def list_types(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        type_code: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListTypesReply:
        """The current licence types of the department. 查询证照类型目录，按代码排序。

        Raises platform.PageCursorInvalid."""

    async def present(
        self, *,
        holder_subject: str,
        licence_id: str,
        purpose: str,
        fields: Sequence[str] = ...,
        verifier: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PresentReply:
        """Make a code with which a licence is shown once, for a short time, for one purpose. 生成一次性核验码，供持证人在短时间内为某一用途出示证照。

        Raises elicence.FieldUnknown, elicence.LicenceNotFound, elicence.LicenceNotUsable."""

    async def verify(
        self, *,
        code: str = ...,
        identifier: str = ...,
        purpose: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.VerifyReply:
        """Whether a licence holds now, by the code that its holder shows or by its identifier. 凭核验码或证照标识核验证照此刻是否有效，二者只填其一。"""
