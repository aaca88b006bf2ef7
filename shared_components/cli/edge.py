"""`zhongtai edge`: apps outside speak AMQP with the broker through it, and none of them can keep the others waiting."""
from __future__ import annotations

import asyncio
import resource
import ssl
from collections.abc import Mapping
from typing import Any

import click

from shared_components.amqp_proxy.limits import Limits
from shared_components.amqp_proxy.server import BACKLOG, Edge
from shared_components.cli.settings import configuration_of
from shared_components.configuration.errors import ConfigurationError
from shared_components.observability.health import Health
from shared_components.observability.logs import configure_from
from shared_components.runtime.platform import POLL_S, StopSignal, health_server
from shared_components.runtime.supervisor import end_with_supervisor

# Besides two for each connection: the listener, health, logs, and connections that are refused just now, which the
# event loop closes a few rounds after it has taken them.
SPARE_FILES = 100 + 4 * BACKLOG


@click.command("edge")
@click.pass_context
def command(context: click.Context) -> int:
    """Let apps reach the broker (AMQP 0-9-1) until SIGTERM or Ctrl-C, within the limits of section `edge`.

    Of broker.url it uses host and port. Apps log in at the broker, with their own users.
    """
    configuration = configuration_of(context)
    section = configuration["edge"]
    if configuration["broker"]["url"].startswith("inproc"):
        raise ConfigurationError(
            "broker.url is 'inproc://', which no other process can reach; amqp:// or amqps:// is allowed",
            details={"key": "broker.url"})
    tls = _tls(section)
    _allow_files(section["connections"])
    edge = Edge(configuration["broker"]["url"], Limits.of(section), host=section["host"], port=section["port"], tls=tls)
    configure_from(configuration["log"])
    stop = StopSignal()
    end_with_supervisor()
    asyncio.run(_serve(edge, configuration, stop))
    return 0


async def _serve(edge: Edge, configuration: Mapping[str, Any], stop: StopSignal) -> None:
    health = Health()
    health.add_liveness("edge", lambda: None if edge.listening else "not listening")
    health.add_readiness("broker", edge.broker_answers)
    server = health_server(configuration, health, ["edge"])
    stopping = asyncio.Event()
    serving = asyncio.create_task(edge.serve(stopping))
    try:
        while not stop.is_set and not serving.done():  # noqa: ASYNC110 -- a signal handler sets it, outside the loop
            await asyncio.sleep(POLL_S)
        stopping.set()
        await serving
    finally:
        if server is not None:
            server.stop()


def _tls(section: Mapping[str, Any]) -> ssl.SSLContext | None:
    certificate, key = section["tls_certificate_file"], section["tls_key_file"]
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        missing = "edge.tls_certificate_file" if certificate is None else "edge.tls_key_file"
        raise ConfigurationError(
            f"configuration key '{missing}' is not set; a certificate and its key are allowed, or neither",
            details={"key": missing})
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ValueError) as wrong:
        reason = getattr(wrong, "reason", None) or getattr(wrong, "strerror", None) or type(wrong).__name__
        raise ConfigurationError(
            f"configuration keys 'edge.tls_certificate_file' and 'edge.tls_key_file' name {certificate!r} and {key!r}, "
            f"which cannot be used: {reason}; a certificate in PEM and its key without a password are allowed",
            details={"key": "edge.tls_certificate_file"}) from None
    return context


def _allow_files(connections: int) -> None:
    """Raises ConfigurationError where the system allows too few open files for so many connections."""
    needed = 2 * connections + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise ConfigurationError(
            f"configuration key 'edge.connections' is {connections}, which takes {needed} open files, and the system "
            f"allows this process {hard}; at most {max((hard - SPARE_FILES) // 2, 0)} is allowed, or a higher limit "
            "(ulimit -Hn)", details={"key": "edge.connections"})
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
