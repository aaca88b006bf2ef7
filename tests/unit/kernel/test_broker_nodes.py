"""URLs that name the nodes of a cluster."""
from __future__ import annotations

import pytest

from shared_components.bus.amqp.urls import checked_url
from shared_components.configuration.loading import load_configuration
from shared_components.db import Database
from shared_components.kernel.broker_nodes import in_any_order, nodes_of
from shared_components.kernel.errors import InvalidInput

ONE = "amqp://app:se%2Ccret@broker:5672/zhongtai"
THREE = "amqp://app:a,b@one:5671,two,[::1]:5673/zhongtai?heartbeat=5"


def test_one_node_is_the_url_itself() -> None:
    assert nodes_of(ONE) == [ONE]
    assert nodes_of("inproc://") == ["inproc://"]
    assert nodes_of("inproc://zhongtai") == ["inproc://zhongtai"]


def test_each_node_has_the_login_and_all_that_follows_the_hosts() -> None:
    assert nodes_of(THREE) == [
        f"amqp://app:a,b@{host}/zhongtai?heartbeat=5" for host in ("one:5671", "two", "[::1]:5673")]
    assert sorted(in_any_order(THREE)) == sorted(nodes_of(THREE))


def test_a_cluster_is_a_broker_url_for_clients_and_for_the_configuration() -> None:
    assert checked_url(THREE) == THREE
    loaded = load_configuration(environ={"ZHONGTAI_BROKER_URL": THREE})
    assert loaded["broker"]["url"] == THREE


@pytest.mark.parametrize("hosts", ["one:5672,two:0", "one:5672,", "one:5672,two:70000", "one,:5672"])
def test_each_node_is_checked(hosts: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_url(f"amqp://app:secret@{hosts}/zhongtai")
    assert "secret" not in str(refused.value)


def test_a_primary_and_its_standby_are_named_as_by_libpq() -> None:
    database = Database("postgresql://app:secret@one:5432,two:5433/zhongtai?target_session_attrs=read-write", "payment")
    _, arguments = database.engine.dialect.create_connect_args(database.url)
    database.dispose()
    assert (arguments["host"], arguments["port"]) == ("one,two", "5432,5433")
    assert arguments["target_session_attrs"] == "read-write"
    assert arguments["password"] == "secret"
