"""Publish the shipped definitions and put the templates of their notices. Doing it again changes nothing."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from services.matter.definitions.usecases.views import BootstrappedView
from services.matter.kinds.notify.ports import TemplateStore
from services.matter.publishing.usecases.publish_matter import PublishTx, publish_definition
from shared_components.kernel.transactions import Begins


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
