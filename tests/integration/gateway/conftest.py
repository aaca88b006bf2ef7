"""One platform for all of these tests: none may end it, and each makes what it looks at."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.gateway.platform import Platform, start


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with start(tmp_path_factory.mktemp("platform")) as running:
        platform = Platform(running)
        yield platform
        platform.close()
        assert running.interrupt() == 0
        assert "Traceback" not in running.text
        assert "http.request.crashed" not in running.text
