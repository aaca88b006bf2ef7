from __future__ import annotations

from services.elicence.service import ELicenceService
from shared_components.contracts import service_contract

CONTRACT = service_contract(ELicenceService)
GIVING_AND_TAKING = {"issue", "suspend", "resume", "revoke", "cancel", "withdraw", "transfer_out"}


def test_no_app_and_no_browser_gives_or_takes_licences() -> None:
    for name in GIVING_AND_TAKING | {"put_type"}:
        method = CONTRACT.methods[name]
        assert not {"app", "gateway"} & set(method.callers), name
        assert not method.public, name
    assert set(CONTRACT.methods["put_type"].callers) == {"operator"}


def test_every_change_is_an_operation_and_the_hot_ones_come_in_groups() -> None:
    reads = {"get", "list_by_holder", "list_types"}
    assert {name for name, method in CONTRACT.methods.items() if not method.mutating} == reads
    assert {name for name, method in CONTRACT.methods.items() if not method.bulk} == {"put_type"}
