"""Compose a text message: the carriers that may take it, with what was filed, and its parts."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.notification.carriers.domain.carrier import Route
from services.notification.carriers.domain.ports import CarrierFacts
from services.notification.common.sms_text import check_size, signed
from services.notification.messages.domain.message import SmsContent
from services.notification.templates.domain.errors import TemplateNotFiled
from services.notification.templates.domain.filing import FILED, Filing
from services.notification.templates.domain.template import Template, parameters
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.phone_number import PhoneNumber


def compose_text(
    carriers: CarrierFacts, template: Template, filings: Sequence[Filing], body: str, values: Mapping[str, str],
    number: str,
) -> tuple[int, SmsContent]:
    """Parts, by the longest of the routes' signatures, and content.

    Abroad a sender is shown by number, so that no signature is put before the text.
    Raises TemplateNotFiled, TextMessageTooLong.
    """
    routes = _routes(carriers, template, filings)
    mainland = PhoneNumber(number).is_mainland
    signature = max((route.signature for route in routes), key=len) if mainland else ""
    size = check_size(signed(signature, body), mainland=mainland)
    return size.parts, SmsContent(routes, parameters(template, values))


def _routes(carriers: CarrierFacts, template: Template, filings: Sequence[Filing]) -> list[Route]:
    filed = {filing.provider: filing for filing in filings if filing.state == FILED}
    routes = []
    for name in carriers.configured():
        if filing := filed.get(name):
            routes.append(Route(name, filing.signature, filing.provider_template_id, tuple(filing.parameters)))
        elif not carriers.files(name):
            routes.append(Route(name, carriers.signature))
    if routes:
        return routes
    names = list(carriers.configured())
    raise TemplateNotFiled(
        Bilingual(
            f"template {template.key.code!r} version {template.version} is filed with none of {', '.join(names)}; "
            "one is needed: see file_template",
            f"模板“{template.key.code}”版本 {template.version} 未在 {'、'.join(names)} 报备通过；"
            "至少须有一家，见 file_template"),
        details={"template_code": template.key.code, "version": template.version, "providers": names})
