"""Entrypoints of materials: each calls one use case."""
from __future__ import annotations

from services.matter.cases.domain.errors import CaseNotFound
from services.matter.cases.entrypoints import OWN_CASE, READ_CASE
from services.matter.cases.schemas import CaseId
from services.matter.cases.usecases.own_case import OneCase
from services.matter.common.callers import APPS
from services.matter.materials import schemas
from services.matter.materials.domain import errors
from services.matter.materials.usecases import own_materials, transfer
from services.matter.materials.usecases import request_upload as uploading
from services.matter.materials.usecases.purge import UNFINISHED_FOR, purge_materials
from services.matter.materials.usecases.views import MaterialsView, MaterialView, TicketView, TransferView
from shared_components.bus import Transactions, every, rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.method_rules import RuleArguments

TRANSFERRED: RuleArguments = {
    "basis": ["outside", "platform"], "resource": "case", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
CHANGED = (errors.MaterialsNotChangeable, errors.MaterialUnknown, errors.MaterialTypeRefused, errors.MaterialsTooMany)


class MaterialEntrypoints:
    """Methods about files of cases."""

    @rpc_method(request=schemas.RequestUpload, reply=schemas.TransferTicket, callers=APPS, mutating=True, public=True,
                secret_reply=True, errors=[CaseNotFound, *CHANGED],
        **OWN_CASE, zh="申请上传办件材料，返回一次性上传路径，十分钟内有效。")
    def request_upload(
        self, tx: uploading.RequestUploadTx, call: Call[uploading.RequestUpload],
    ) -> TicketView:
        """Ask for a path to upload a file of a case by stream, good once and for ten minutes."""
        return uploading.request_upload(tx, call.data, call.context)

    @rpc_method(request=CaseId, reply=schemas.Materials, callers=APPS, public=True, errors=[CaseNotFound],
        **READ_CASE, zh="查询办件的材料文件。")
    def list_materials(self, tx: own_materials.ReadMaterialsTx, call: Call[OneCase]) -> MaterialsView:
        """List the files of a case."""
        return own_materials.list_materials(tx, call.data, call.context)

    @rpc_method(request=schemas.OneMaterial, reply=schemas.TransferTicket, callers=APPS, mutating=True, public=True,
                secret_reply=True, errors=[errors.MaterialNotFound],
        **READ_CASE, zh="申请下载材料文件，返回一次性下载路径，两分钟内有效。")
    def request_download(
        self, tx: own_materials.ReadMaterialsTx, call: Call[own_materials.OneMaterial],
    ) -> TicketView:
        """Ask for a path to download a file, good once and for two minutes."""
        return own_materials.request_download(tx, call.data, call.context)

    @rpc_method(request=schemas.OneMaterial, reply=schemas.Material, callers=APPS, mutating=True, public=True,
                errors=[errors.MaterialNotFound, errors.MaterialsNotChangeable],
        **OWN_CASE, zh="删除草稿或待补正办件的材料文件。")
    def remove_material(
        self, tx: uploading.RequestUploadTx, call: Call[own_materials.OneMaterial],
    ) -> MaterialView:
        """Remove a file of a draft, or while a supplement is awaited."""
        return own_materials.remove_material(tx, call.data, call.context)

    @rpc_method(request=schemas.ReuseMaterial, reply=schemas.Material, callers=APPS, mutating=True, public=True,
                errors=[CaseNotFound, errors.MaterialNotFound, *CHANGED],
        **OWN_CASE, zh="免重复提交：将申请人曾提交的材料用于本办件。")
    def reuse_material(
        self, tx: uploading.RequestUploadTx, call: Call[own_materials.ReuseMaterial],
    ) -> MaterialView:
        """Give a file again that the applicant gave for another case of the department."""
        return own_materials.reuse_material(tx, call.data, call.context)

    @rpc_method(request=schemas.ByTicket, reply=schemas.Transfer, callers=["gateway"], own_transactions=True,
                errors=[errors.MaterialTicketInvalid, errors.MaterialNotFound],
        **TRANSFERRED, zh="网关查验上传凭证。")
    def open_upload(self, transactions: Transactions, call: Call[transfer.ByTicket]) -> TransferView:
        """Tell the gateway what may be uploaded by a ticket."""
        return transfer.open_upload(transactions, call.data)

    @rpc_method(request=schemas.FinishUpload, reply=schemas.Material, callers=["gateway"], mutating=True,
                own_transactions=True, errors=[
                    errors.MaterialTicketInvalid, errors.MaterialNotFound, errors.MaterialsNotChangeable,
                    errors.MaterialSizeDiffers, errors.MaterialTypeRefused],
        **TRANSFERRED, zh="网关报告上传完成，按大小、类型和哈希确认材料。")
    def finish_upload(self, transactions: Transactions, call: Call[transfer.FinishUpload]) -> MaterialView:
        """Take an uploaded file for given, by its size, type and hash."""
        return transfer.finish_upload(transactions, call.data)

    @rpc_method(request=schemas.ByTicket, reply=schemas.Transfer, callers=["gateway"], mutating=True,
                secret_reply=True, own_transactions=True,
                errors=[errors.MaterialTicketInvalid, errors.MaterialNotFound],
        **TRANSFERRED, zh="网关查验并核销下载凭证。")
    def take_download(self, transactions: Transactions, call: Call[transfer.ByTicket]) -> TransferView:
        """Tell the gateway what is downloaded by a ticket, once."""
        return transfer.take_download(transactions, call.data)

    @every(seconds=3600)
    def purge_materials(self, transactions: Transactions) -> None:
        """Drop what was removed, uploads that never ended, and what killed processes have left in the store."""
        store = transactions.provider.material_store
        while purge_materials(transactions, store):
            pass
        store.drop_unfinished((transactions.clock.now() - UNFINISHED_FOR).timestamp())
