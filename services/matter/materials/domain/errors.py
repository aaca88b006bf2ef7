"""Errors of materials."""
from __future__ import annotations

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Conflict, InvalidInput, NotFound


class MaterialUnknown(InvalidInput):
    """The definition asks for no such material."""

    code = "matter.material-unknown"
    texts = {"en": "The matter asks for no such material.", "zh": "该事项不需要此材料。"}


class MaterialTypeRefused(InvalidInput):
    """The file's content is of another type than the material may have, or than was said."""

    code = "matter.material-type-refused"
    texts = {"en": "The type of the file is not taken.", "zh": "不接受该类型的文件。"}


class MaterialSizeDiffers(InvalidInput):
    code = "matter.material-size-differs"
    texts = {"en": "The file has another size than was said.", "zh": "文件大小与声明不一致。"}


class MaterialsTooMany(Conflict):
    code = "matter.materials-too-many"
    texts = {"en": "No more files of this material are taken.", "zh": "该材料的文件数量已满。"}


class MaterialNotFound(NotFound):
    code = "matter.material-not-found"
    texts = {"en": "There is no such file.", "zh": "文件不存在。"}


class MaterialTicketInvalid(NotFound):
    """It is unknown, was used, or has run out; nothing more is told of it."""

    code = "matter.material-ticket-invalid"
    texts = {"en": "The ticket is not valid, or no longer.", "zh": "凭证无效或已失效。"}


class MaterialsNotChangeable(Conflict):
    code = "matter.materials-not-changeable"
    texts = {"en": "Files of the case can no longer be changed.", "zh": "办件的材料不能再更改。"}


def unknown_material(material_id: str) -> MaterialNotFound:
    """Also for a file of a case that the call may not see."""
    return MaterialNotFound(Bilingual(
        f"there is no material {material_id[:64]!r}", f"材料 {material_id[:64]} 不存在"))


def invalid_ticket() -> MaterialTicketInvalid:
    return MaterialTicketInvalid(Bilingual(
        "ticket is unknown, used or has run out; request_upload and request_download give new ones",
        "凭证不存在、已使用或已过期；请重新调用 request_upload 或 request_download"))
