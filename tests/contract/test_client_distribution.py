"""zhongtai-client: its wheel holds what an app needs, and no service."""
from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.amqp.names import RPC_EXCHANGE
from shared_components.bus.amqp.topology import declare_exchange
from tests.contract.client_environment import needed

MOST_PACKAGES = 20
SAY = """
import json, sys
import zhongtai_client
from zhongtai_client.errors import as_client_error, payment
from zhongtai_client.types.payment import GetOrderReply
print(json.dumps({
    "loaded": sorted({name.split(".")[0] for name in sys.modules}),
    "fields": sorted(GetOrderReply.__required_keys__)[:2],
    "code": payment.OrderUnknown.code,
}))
"""


def run(python: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Isolated (-I): neither this checkout nor the environment of the test is on its path."""
    return subprocess.run(
        [str(python), "-I", "-c", program, *arguments], capture_output=True, text=True, check=False, timeout=60)


def test_the_wheel_installs_into_an_empty_environment_without_the_platform(client_python: Path) -> None:
    ran = run(client_python, SAY)
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert not {"sqlalchemy", "nameko", "eventlet", "marshmallow", "services"} & set(said["loaded"])
    assert (said["fields"], said["code"]) == (["amount_minor", "channel"], "payment.order-unknown")


def test_it_needs_at_most_twenty_packages(client_python: Path) -> None:
    (site,) = (client_python.parents[1] / "lib").glob("python*/site-packages")
    found = needed(site, "zhongtai-client") | {"zhongtai-client"}
    installed = {path.name for path in site.glob("*.dist-info")}
    assert len(found) == len(installed) <= MOST_PACKAGES, (sorted(found), sorted(installed))


def test_the_wheel_has_stubs_and_no_server(client_wheel: Path) -> None:
    names = zipfile.ZipFile(client_wheel).namelist()
    stubs = {f"zhongtai_client/{name}" for name in ("py.typed", "clients.pyi", "services/payment.pyi")}
    assert stubs <= set(names)
    servers = ("services/", "shared_components/bus/server", "shared_components/db")
    assert not [name for name in names if name.startswith(servers)]


def test_another_version_of_the_platform_beside_it_is_refused_in_one_line(
    client_python: Path, tmp_path: Path,
) -> None:
    other = tmp_path / "zhongtai-9.0.0.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: zhongtai\nVersion: 9.0.0\n")
    ran = run(client_python, f"import sys; sys.path.append({str(tmp_path)!r}); import zhongtai_client")
    assert ran.returncode == 1
    assert "zhongtai-client 0.1.0, zhongtai 9.0.0; they share files" in ran.stderr.splitlines()[-1]


@pytest.mark.integration
def test_its_python_calls_a_service_on_rabbitmq(client_python: Path, broker_url: str) -> None:
    """The broker is real, and nobody serves there: the error comes as its class."""
    broker = BrokerConnection(broker_url)
    declare_exchange(broker.channel, RPC_EXCHANGE, "topic")
    broker.close()
    call = (
        "import sys\nfrom zhongtai_client import Client\nfrom zhongtai_client.errors.bus import UnknownService\n"
        "with Client(sys.argv[1], timeout_s=20) as client:\n"
        "    try:\n        client.payment.get_order(order_id='pay_1')\n"
        "    except UnknownService as error:\n        print(error.code)\n")
    ran = run(client_python, call, broker_url)
    assert (ran.stdout, ran.returncode) == ("bus.unknown-service\n", 0), ran.stderr
