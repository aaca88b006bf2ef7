"""Settings that are safe in development only are refused in production, before anything is started."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from shared_components.configuration.loading import for_service, load_configuration
from tests.unit.cli.conftest import Zhongtai
from tests.unit.cli.conftest import zhongtai as zhongtai
from tests.unit.cli.test_run import KEY

URL = "amqp://payment:5f2d@127.0.0.1:1/zhongtai"


def safe(**changes: Any) -> dict[str, Any]:
    return {"environment": "production", "broker": {"url": URL}, "security": {"master_key": KEY},
            "bus": {"caller_authentication": "broker"}, "database": {"url": "postgresql://"}, **changes}  # fmt: skip


def check(zhongtai: Zhongtai, folder: Path, content: dict[str, Any], service: str = "payment") -> Any:
    path = folder / "zhongtai.yaml"
    path.write_text(yaml.safe_dump(content))
    return zhongtai("--config", str(path), "run", "--check", service)


def test_safe_settings_start(zhongtai: Zhongtai, tmp_path: Path) -> None:
    ran = check(zhongtai, tmp_path, safe())
    assert ran.code == 0, ran.err


BEHIND = "which environment 'production' does not allow; "


@pytest.mark.parametrize(("changes", "said"), [
    ({"bus": {"caller_authentication": "header"}},
     "'bus.caller_authentication' is 'header', " + BEHIND + "'broker' is"),
    ({"bus": {}}, "'bus.caller_authentication' is 'header', " + BEHIND + "'broker' is"),
    ({"services": {"payment": {"bus": {"caller_authentication": "header"}}}},
     "'services.payment.bus.caller_authentication' is 'header', " + BEHIND + "'broker' is"),
    ({"broker": {"url": "inproc://"}}, "'broker.url' is 'inproc://', " + BEHIND + "a RabbitMQ with users"),
    ({"database": {"url": "sqlite:///zhongtai.db"}}, "'database.url' is a URL of SQLite, " + BEHIND + "PostgreSQL is"),
    ({"database": {}}, "'database.url' is a URL of SQLite, " + BEHIND + "PostgreSQL is"),
    ({"broker": {}}, "'broker.url' is 'inproc://', " + BEHIND + "a RabbitMQ with users"),
    ({"broker": {"url": "amqp://guest:guest@127.0.0.1:1/"}}, "'broker.url' is a URL of user 'guest', " + BEHIND
     + "the service's own user 'payment' is"),
    ({"broker": {"url": "amqp://127.0.0.1:1/"}}, "'broker.url' is a URL of user 'guest', "),
    ({"broker": {"url": "amqp://operator:5f2d@127.0.0.1:1/"}}, "the service's own user 'payment' is"),
    ({"broker": {"url": "amqp://payment:payment@127.0.0.1:1/"}}, "with a default password, "),
    ({"broker": {"url": "amqp://payment@127.0.0.1:1/"}}, "with a default password, "),
    ({"services": {"payment": {"sandbox": {
        "base_url": "http://127.0.0.1:9", "merchant_id": "m", "secret": "0123456789abcdef",
        "notify_url": "http://127.0.0.1:9/callbacks/payment/sandbox"}}}},
     "'services.payment.sandbox' is a mapping; allowed in development only"),
    ({"bus": {"plain_calls": "allow", "caller_authentication": "broker"}}, "'bus.plain_calls' is not known"),
])  # fmt: skip
def test_what_is_for_development_is_refused_with_file_key_value_and_what_is_allowed(
    zhongtai: Zhongtai, tmp_path: Path, changes: dict[str, Any], said: str,
) -> None:  # fmt: skip
    ran = check(zhongtai, tmp_path, safe(**changes))
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "5f2d" not in ran.err
    if BEHIND in ran.err:
        assert f"configuration file '{tmp_path}/zhongtai.yaml'" in ran.err


def test_each_service_logs_in_as_itself_where_they_share_a_configuration(zhongtai: Zhongtai, tmp_path: Path) -> None:
    passwords = tmp_path / "passwords.yaml"
    passwords.write_text("payment: 'a/b'\nmatter: 'c'\n")
    content = safe(broker={"url": "amqp://operator:x@127.0.0.1:1/zhongtai", "passwords_file": str(passwords)})
    assert check(zhongtai, tmp_path, content).code == 0
    loaded = load_configuration(tmp_path / "zhongtai.yaml", environ={})
    assert for_service(loaded, "payment")["broker"]["url"] == "amqp://payment:a%2Fb@127.0.0.1:1/zhongtai"
    assert loaded["broker"]["url"] == "amqp://operator:x@127.0.0.1:1/zhongtai"
    ran = check(zhongtai, tmp_path, content, "identity")
    assert ran.code == 2
    assert "passwords.yaml', which has no password of 'identity'" in ran.err
