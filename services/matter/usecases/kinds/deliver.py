"""Kind `deliver`: the licence goes by post."""
from __future__ import annotations

from services.matter.domain.outcomes import Done, Outcome, Story
from services.matter.usecases.kinds.work import Work


def run_deliver(work: Work) -> Outcome:
    address = str(work.case.form[work.step.settings["address_field"]])
    sent = work.components.couriers.dispatch(
        work.op_id, recipient_name=str(work.applicant()["name"]), address=address
    )
    waybill = str(sent["waybill"])
    return Done(result={"waybill": waybill}, stories=(Story("dispatched", {"waybill": waybill}),))
