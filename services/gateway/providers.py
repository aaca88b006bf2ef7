"""Composition root: the ASGI app from the configuration, the contracts, the bus and the health checks."""
from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from services.gateway.adapters.app_directory import METHOD, SERVICE, AppDirectory
from services.gateway.adapters.callbacks import MATTER_PATH, PAYMENT_PATH, RECEIPT_PATH, CallbackEndpoints
from services.gateway.adapters.callers import Callers
from services.gateway.adapters.calls import CallEndpoint, Limits
from services.gateway.adapters.documents import document_routes
from services.gateway.adapters.edge import Edge
from services.gateway.adapters.http_metrics import note_rotating_key
from services.gateway.adapters.login_pages.routes import login_routes
from services.gateway.adapters.materials import (
    DOCUMENT_PATH,
    DOWNLOAD_PATH,
    JOB_UPLOAD_PATH,
    UPLOAD_PATH,
    MaterialEndpoints,
    NoScanner,
)
from services.gateway.adapters.notify.endpoints import notify_routes
from services.gateway.adapters.openid.routes import openid_routes
from services.gateway.adapters.operations import Operations
from services.gateway.adapters.page_endpoints import page_routes
from services.gateway.adapters.probes import ProbeEndpoints, metrics_elsewhere
from services.gateway.domain.apps import DEMO_APP, DEMO_KEY, App, Apps, InFlight, demo_app, key_hash
from services.gateway.schemas import GatewaySettings
from shared_components.bus.amqp.wire import MAX_MESSAGE_BYTES
from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.contracts.registry import ServiceContract
from shared_components.material_store import store_of
from shared_components.observability.health import Health
from shared_components.security.proofs.key_folder import KeyFolder
from shared_components.security.secrets import pairwise_ids

log = logging.getLogger(__name__)


def make_app(
    configuration: Mapping[str, Any], bus: AsyncBus, contracts: Sequence[ServiceContract], health: Health,
) -> ASGIApp:
    """settings of services.gateway: raw or validated already."""
    given = configuration["services"].get("gateway", {})
    settings = GatewaySettings().load({key: value for key, value in given.items() if key != "bus"})
    operations = Operations(contracts)
    limits = Limits(
        body_bytes=MAX_MESSAGE_BYTES, body_timeout_s=settings["body_timeout_s"],
        default_timeout_s=configuration["bus"]["default_timeout_s"], longest_timeout_s=settings["longest_timeout_s"])
    tenant = configuration["bus"]["default_tenant"]
    base_url = configuration["http"]["public_url"].rstrip("/")
    apps = apps_of(settings["apps"], configuration["environment"], tenant)
    in_flight = InFlight(settings["max_in_flight_per_app"])
    security = configuration.get("security") or {}
    callers = Callers(
        apps, contracts, KeyFolder.from_configuration(security, configuration["environment"]), security,
        directory=directory_of(contracts, bus), pairwise=pairwise_ids(security, configuration["environment"]))
    documents = document_routes(operations, callers, bus, limits, in_flight)
    callbacks = CallbackEndpoints(bus, limits, tenant=tenant)
    materials = MaterialEndpoints(bus, limits, store_of(configuration), NoScanner(), tenant=tenant)
    probes = ProbeEndpoints(health)
    probe_routes = [Route("/live", probes.live), Route("/ready", probes.ready)]
    health_port = configuration["health"]["port"]
    if health_port is None:
        probe_routes.append(Route("/metrics", probes.metrics))
    pages = ("/", "/docs", "/docs/errors", "/docs/events", "/openapi.json", "/asyncapi.json")
    places = [*pages, "/v1/<service>/<method>", *(
        route.path for route in (*documents, *probe_routes))]
    others = Router(
        [
            *documents,
            _every_http_method(PAYMENT_PATH, callbacks.payment),
            _every_http_method(RECEIPT_PATH, callbacks.receipt),
            _every_http_method(MATTER_PATH, callbacks.matter),
            _every_http_method(UPLOAD_PATH, materials.upload),
            _every_http_method(DOWNLOAD_PATH, materials.download),
            _every_http_method(DOCUMENT_PATH, materials.download_document),
            _every_http_method(JOB_UPLOAD_PATH, materials.upload_job_file),
            *page_routes(
                operations, health, base_url=base_url, longest_timeout_s=limits.longest_timeout_s,
                demo=apps.knows(key_hash(DEMO_KEY)), probes=[route.path for route in probe_routes]),
            *login_routes(
                contracts, bus, limits, base_url=base_url, tenant=tenant, proxies=settings["trusted_proxies"]),
            *openid_routes(contracts, bus, limits, tenant=tenant, proxies=settings["trusted_proxies"]),
            *notify_routes(contracts, callers, bus, limits, in_flight, base_url=base_url, tenant=tenant),
            *probe_routes,
            *([] if health_port is None else [Route("/metrics", metrics_elsewhere(health_port))]),
        ],
        # Its redirects lead to whatever the Host header says.
        redirect_slashes=False,
    )
    edge = Edge(
        CallEndpoint(operations, callers, bus, limits, in_flight), others, base_url=base_url,
        places=places, sample=configuration["log"]["sample"], max_in_flight=settings["max_in_flight"])
    return _cors(edge, settings["cors_origins"])


def directory_of(contracts: Sequence[ServiceContract], bus: AsyncBus) -> AppDirectory | None:
    """The directory of apps, where a service keeps one."""
    keeps = any(contract.service == SERVICE and METHOD in contract.methods for contract in contracts)
    return AppDirectory(bus) if keeps else None


def _every_http_method(path: str, endpoint: Callable[[Request], Coroutine[Any, Any, Response]]) -> Route:
    """The endpoint itself says which HTTP methods are allowed; a route would know one list for all of them."""
    route = Route(path, endpoint)
    route.methods = None
    return route


def apps_of(entries: Sequence[Mapping[str, Any]], environment: str, tenant: str) -> Apps:
    """The configured apps; in development without any, the demo app."""
    apps = [
        App(entry["name"], entry["tenant"], tuple(entry["keys_sha256"]), tuple(entry["methods"])) for entry in entries]
    if environment == "production":
        if not apps:
            log.warning("gateway.apps.none_configured")
    elif not apps:
        # services.gateway.apps is empty, and the key of this app stands in the documentation
        log.warning("gateway.demo_app.enabled", extra={"app": DEMO_APP, "tenant": tenant})
        apps = [demo_app(tenant)]
    return Apps(apps, note_rotating_key)


def _cors(app: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    if not origins:
        return app
    return CORSMiddleware(
        app, allow_origins=list(origins), allow_methods=["POST", "PUT", "GET", "HEAD"], max_age=600,
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "X-Timeout-S",
                       "X-Request-Id", "Zhongtai-App-Key", "traceparent"],
        expose_headers=["Content-Disposition", "Deprecation", "ETag", "Idempotency-Key", "Retry-After", "Sunset",
                        "X-Request-Id"])
