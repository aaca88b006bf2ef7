"""Contracts of services: schemas, methods, events, and the check that a change breaks nobody.

`export`, `diff` and `catalogue` are imported by name: they need apispec, which a running service does not.
"""
from shared_components.contracts.base import Message, app_served, field_classes, optional_subject, text
from shared_components.contracts.paging import PageReply, PageRequest
from shared_components.contracts.registry import (
    DocumentContract,
    EventContract,
    MethodContract,
    ServiceContract,
    service_contract,
)
from shared_components.contracts.strict_fields import SubjectId

__all__ = [
    "DocumentContract", "EventContract", "Message", "MethodContract", "PageReply", "PageRequest", "ServiceContract",
    "SubjectId", "app_served", "field_classes", "optional_subject", "service_contract",
    "text",
]
