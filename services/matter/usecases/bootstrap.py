"""Publish the shipped definitions and put the templates of their notices. Doing it again changes nothing."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from services.matter.usecases.publish_matter import PublishTx, publish_definition
from services.matter.usecases.views import BootstrappedView
from shared_components.kernel.transactions import Begins


class TemplateStore(Protocol):
    def put_template(self, op_id: str, template: Mapping[str, Any]) -> Mapping[str, Any]: ...


def bootstrap(
    transactions: Begins[PublishTx], notifications: TemplateStore, *, tenant: str,
    definitions: Sequence[Mapping[str, Any]], templates: Sequence[Mapping[str, Any]],
) -> BootstrappedView:
    """Publish the definitions; put the templates. Raises Unavailable while notification does not answer."""
    published = []
    for data in definitions:
        with transactions.begin(tenant) as tx:
            definition = publish_definition(tx, tenant=tenant, data=data).definition
        published.append({"matter_code": definition.matter_code, "version": definition.version})
    for template in templates:
        notifications.put_template(_op_id(tenant, template), template)
    return BootstrappedView(published, len(templates))


def _op_id(tenant: str, template: Mapping[str, Any]) -> str:
    """From the content, so that only a changed template is a new operation."""
    content = json.dumps([tenant, template], sort_keys=True, ensure_ascii=False)
    return f"matter-template:{hashlib.sha256(content.encode()).hexdigest()[:40]}"
