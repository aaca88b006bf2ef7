"""Hand the licence to a courier."""
from __future__ import annotations

from services.matter.cases.domain.outcomes import Done, Outcome, Story
from services.matter.cases.domain.timeline import Line
from services.matter.cases.usecases.work import Work
from services.matter.kinds.deliver.ports import DeliverComponents

DISPATCHED = Line("dispatched", "证件已交寄，运单号 {waybill}", "The licence was sent by post, waybill {waybill}")


def run_deliver(work: Work[DeliverComponents]) -> Outcome:
    address = str(work.case.form[work.step.settings["address_field"]])
    sent = work.components.couriers.dispatch(
        work.op_id, recipient_name=str(work.applicant()["name"]), address=address
    )
    waybill = str(sent["waybill"])
    return Done(result={"waybill": waybill}, stories=(Story(DISPATCHED, {"waybill": waybill}),))
