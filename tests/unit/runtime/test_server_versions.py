"""The start says which broker and database it found, and refuses others in words."""
from __future__ import annotations

import pytest

from shared_components.runtime.server_versions import ServerRefused, broker_notice, database_notice


@pytest.mark.parametrize(("version", "notice"), [
    ("4.2.1", "RabbitMQ 4.2.1"), ("10.0.0", "RabbitMQ 10.0.0"),
    ("3.10.8", "RabbitMQ 3.10.8 (out of its maker's support; 4.2 or newer is supported)"),
])
def test_a_broker_is_named_with_a_warning_where_it_is_out_of_support(version: str, notice: str) -> None:
    assert broker_notice("RabbitMQ", version) == notice


@pytest.mark.parametrize(("product", "version"), [
    ("RabbitMQ", "3.9.1"), ("LavinMQ", "2.0.0"), ("", ""), ("RabbitMQ", "x")])
def test_another_broker_is_refused(product: str, version: str) -> None:
    with pytest.raises(ServerRefused, match=r"RabbitMQ 3\.10 or newer is needed"):
        broker_notice(product, version)


@pytest.mark.parametrize(("said", "notice"), [
    ("PostgreSQL 16.4 (Debian 16.4-1) on x86_64", "PostgreSQL 16.4"),
    ("PostgreSQL 15.14 (Debian 15.14-0+deb12u1) on x86_64", "PostgreSQL 15.14 (16 or newer is recommended)"),
    ("PostgreSQL 17beta1 on x86_64", "PostgreSQL 17"),
])
def test_postgresql_is_taken_from_13_on(said: str, notice: str) -> None:
    assert database_notice(said) == notice


@pytest.mark.parametrize(("said", "named"), [
    ("PostgreSQL 9.2.4 (openGauss 5.0.0 build a) compiled", "openGauss"), ("PostgreSQL 12.1 on x86", "PostgreSQL 12.1"),
    ("KingbaseES V008R006C008B0014 on x86_64", "Kingbase"), ("CockroachDB CCL v23.1", "CockroachDB"),
    ("MySQL 8", "MySQL 8"),
    ("PostgreSQL 13.9 (EnterpriseDB EDB Advanced Server 13)", "EDB Advanced Server"),
])
def test_another_database_is_refused_in_words(said: str, named: str) -> None:
    with pytest.raises(ServerRefused) as refused:
        database_notice(said)
    said_to = refused.value.message
    assert f"database is '{named}" in said_to and "PostgreSQL 13 or newer is needed" in said_to
    assert refused.value.code == "cli.server-refused" and "须为" in refused.value.message_in("zh-CN")
