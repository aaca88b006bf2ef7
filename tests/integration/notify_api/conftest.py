"""One platform for all of these tests: none may end it, and each makes what it looks at."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.notify_api.served import ServedNotify


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedNotify]:
    served = ServedNotify(tmp_path_factory.mktemp("notify"))
    served.prepare()
    yield served
    served.stop()
