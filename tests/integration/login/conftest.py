"""One platform with clients of each kind, for all foreign and hostile programs."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.login.served_login import APPS, ServedLogin, client_id


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedLogin]:
    served = ServedLogin(tmp_path_factory.mktemp("login"))
    with served.running:
        served.start()
        for method, more in APPS.items():
            served.secrets[method] = served.register(client_id(method).removesuffix("-sandbox"), **more)
        yield served
        served.stop()
