"""`zhongtai run`: everything in one process on inproc://, one process a service on RabbitMQ."""
from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click
import yaml

from shared_components.cli.errors import WrongUse
from shared_components.cli.output import tell_server
from shared_components.cli.settings import configuration_of
from shared_components.configuration.listen_addresses import check_free
from shared_components.configuration.loading import told
from shared_components.devstack.sandbox import SETTINGS, Sandbox, own_folder, settings_kept, start_sandbox
from shared_components.kernel.callers import GATEWAY
from shared_components.observability.logs import configure_from
from shared_components.runtime.discovery import chosen_services
from shared_components.runtime.migrations import check_database, migrate_services
from shared_components.runtime.operator_socket import FOLDER as OPERATOR_FOLDER
from shared_components.runtime.operator_socket import NAME, OPERATOR, OperatorServer
from shared_components.runtime.platform import Platform, StopSignal, check_services
from shared_components.runtime.server_versions import broker_notice
from shared_components.runtime.supervisor import Supervisor, end_with_supervisor
from shared_components.runtime.supervisor_socket import SupervisorServer
from shared_components.runtime.worker_counts import MOST, whole_number

if TYPE_CHECKING:
    from shared_components.devstack.seeding import Seeding

# `make up` looks for it in the log.
SEED_FAILED = "zhongtai: the seed could not be put: "
SANDBOX_FOLDER = Path("var") / "sandbox"


@click.command("run")
@click.argument("services", nargs=-1, metavar="[SERVICE…]")
@click.option("--workers", "-w", multiple=True, metavar="[SERVICE:]N",
              help="Processes a service (RabbitMQ only): 2 for each, or payment:3 for one; may be given again.")
@click.option("--sandbox/--no-sandbox", default=None, help="With a mail server, a pay channel and the seed of the "
              "demonstration matter. On by default in development, when all services run and no channel is set.")
@click.option("--check", is_flag=True, help="Start nothing; exit 2 when services, workers, settings or the HTTP "
              "address are not right.")
@click.pass_context
def command(
    context: click.Context, services: tuple[str, ...], workers: tuple[str, ...], sandbox: bool | None, check: bool,
) -> int:
    """Migrate the databases and run services until Ctrl-C; all of them when none is named."""
    end_with_supervisor()  # a test's or a sandbox's platform stops with it, however that ends
    configuration = configuration_of(context)
    names = chosen_services(services)
    counts = worker_counts(workers, names)
    if sandbox and configuration["environment"] == "production":
        raise WrongUse("--sandbox is for development; environment is 'production'")
    embedded = configuration["broker"]["url"].startswith("inproc")
    if embedded and any(count != 1 for count in counts.values()):
        raise WrongUse("--workers needs a broker that processes can share; broker.url is inproc:// (one process)")
    check_services(configuration, names)
    if GATEWAY in names:
        check_free(configuration["http"]["host"], configuration["http"]["port"])
    if check:
        return 0
    if not embedded:
        _check_broker(configuration["broker"]["url"])
    tell_server("database", check_database(configuration["database"]["url"]))
    migrate_services(configuration["database"]["url"], tuple(names))
    # Not later: greenlets wait from here on, and an exception that ends their hub leaves nothing to stop in order with.
    stop = StopSignal()
    with ExitStack() as stack:
        started = None
        folder = own_folder(stack, OPERATOR_FOLDER)
        # Before settings are kept, which tell commands beside this run where it is.
        configuration = {**configuration, "operator": {"socket": str((folder / NAME).absolute())}}
        if _wants_sandbox(sandbox, configuration, services):
            started = start_sandbox(stack, own_folder(stack, SANDBOX_FOLDER))
            configuration = started.configured(configuration)
            settings_kept(stack, started.folder, configuration)
        if stop.is_set:
            raise KeyboardInterrupt  # what was started ends in order, and run_command has its line
        if embedded:
            with _operator_socket(configuration, folder):
                return _run_here(configuration, names, started, stop)
        return _supervise(stack, configuration, counts, started, stop)


def _check_broker(url: str) -> None:
    """A running service waits for its broker; whoever starts one should hear at once that it is not there."""
    from shared_components.bus.deployment.inspection import BrokerView
    from shared_components.bus.errors import BrokerUnavailable

    try:
        with BrokerView(url) as view:
            notice = broker_notice(*view.server)
    except BrokerUnavailable as error:
        raise BrokerUnavailable(f"{told('broker', 'url', url)}: {error.message}") from error
    tell_server("broker", notice)


def _wants_sandbox(asked: bool | None, configuration: Mapping[str, Any], services: tuple[str, ...]) -> bool:
    if asked is not None:
        return asked
    channel = configuration["services"].get("payment", {}).get("sandbox")
    return configuration["environment"] == "development" and not services and channel is None


def worker_counts(given: tuple[str, ...], names: list[str]) -> dict[str, int]:
    """Processes wanted of each service. Raises WrongUse."""
    counts = dict.fromkeys(names, 1)
    for text in given:
        name, sign, number = text.rpartition(":")
        count = whole_number(number)
        if count is None:
            raise WrongUse(f"--workers is '{text}'; N or SERVICE:N is allowed, with N from 1 to {MOST}")
        if sign and name not in counts:
            raise WrongUse(f"--workers names '{name}'; the services to run are: {', '.join(names)}")
        if name == GATEWAY and count != 1:
            raise WrongUse(f"--workers is '{text}'; one gateway is allowed, since it listens on one port")
        for one in [name] if sign else [n for n in names if n != GATEWAY]:
            counts[one] = count
    return counts


def _run_here(
    configuration: dict[str, Any], names: list[str], sandbox: Sandbox | None, stop: StopSignal,
) -> int:
    configure_from(configuration["log"])
    platform = Platform(configuration, names)
    platform.start()
    try:
        with _seeding(configuration, sandbox) as seeding:
            platform.wait_until(lambda: stop.is_set or seeding.ended)
            if seeding.error is not None and not stop.is_set:
                raise seeding.error
        if not stop.is_set:
            _greet(configuration, names, sandbox)
        platform.wait_until(lambda: stop.is_set)
    finally:
        clean = platform.stop()
    return 0 if clean else 1


def _supervise(
    stack: ExitStack, configuration: dict[str, Any], counts: dict[str, int], sandbox: Sandbox | None,
    stop: StopSignal,
) -> int:
    configure_from(configuration["log"])
    # The processes read what was loaded here: one configuration, even when the file changes meanwhile.
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="zhongtai-run-")))
    path = folder / "zhongtai.yaml"
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(configuration), encoding="utf-8")
    supervisor = Supervisor(str(path), counts, stop_timeout_s=configuration["bus"]["drain_s"] + 10)
    supervisor.start()
    control = SupervisorServer(Path(configuration["operator"]["socket"]), supervisor)
    control.start()
    stack.callback(control.stop)
    with _seeding(configuration, sandbox) as seeding:
        code = supervisor.watch_until(lambda: stop.is_set or seeding.ended)
        error = seeding.error
    if code == 0 and not stop.is_set:
        if error is not None:
            print(f"{SEED_FAILED}{error.message} [{error.code}]", file=sys.stderr, flush=True)
        _greet(configuration, list(counts), sandbox)
        code = supervisor.watch_until(lambda: stop.is_set)
    return supervisor.stop() or code


@contextmanager
def _operator_socket(configuration: Mapping[str, Any], folder: Path) -> Iterator[None]:
    from shared_components.bus.client.blocking import BusClient

    url = configuration["broker"]["url"]
    server = OperatorServer(folder / NAME, url, BusClient.from_configuration(configuration, caller=OPERATOR)).start()
    try:
        yield
    finally:
        server.stop()


class _Nothing:
    """No seed is wanted."""

    ended, error = True, None


@contextmanager
def _seeding(configuration: Mapping[str, Any], sandbox: Sandbox | None) -> Iterator[Seeding | _Nothing]:
    if sandbox is None:
        yield _Nothing()
        return
    from shared_components.devstack.seeding import Seeding

    with closing(Seeding.on(configuration)) as seeding:
        yield seeding


def _greet(configuration: Mapping[str, Any], names: list[str], sandbox: Sandbox | None) -> None:
    lines = [f"zhongtai runs: {', '.join(names)}"]
    if GATEWAY in names:
        http = configuration["http"]
        lines.append(f"HTTP         http://{http['host']}:{http['port']}  (documentation at /docs)")
    if sandbox is not None:
        settings = sandbox.folder / SETTINGS
        lines += [f"other login  {sandbox.issuer}"] if sandbox.issuer else []
        lines += [f"pay channel  {sandbox.pay_url}", f"mails        {sandbox.mails}",
                  f"settings     {settings}  (for commands beside it: zhongtai -c {settings} …)"]
    database = configuration["database"]["url"]
    if database.startswith("sqlite"):
        lines.append(f"data         {database.removeprefix('sqlite:///')}, a file a service, kept when it stops")
    print("\n".join([*lines, "Ctrl-C stops it."]), file=sys.stderr, flush=True)
