"""Scopes cover all that citizens hold: held against the methods of every service."""
from __future__ import annotations

from services.identity.openid.domain.scopes import OF_RESOURCES, is_known
from shared_components.kernel.method_rules import HOLDER, OWN
from shared_components.runtime.discovery import contract_of, service_names


def test_each_resource_of_a_method_that_citizens_may_use_is_a_scope() -> None:
    resources = {
        method.rule.resource for service in service_names() for method in contract_of(service).methods.values()
        if method.rule is not None and method.rule.about and method.rule.basis & {HOLDER, OWN}}
    assert resources - set(OF_RESOURCES) == set()


def test_a_type_follows_a_resource_and_nothing_else() -> None:
    assert is_known("licence:driving-licence")
    assert not any(is_known(text) for text in (
        "openid:x", "licence:", "licence:a:b", "licence:a b", ":x", "", "Licence", "licence:" + "a" * 65))
