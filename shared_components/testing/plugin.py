"""pytest plugin `zhongtai.testing`, which comes with the package: fixtures for the tests of an app.

zhongtai_stub: services that answer from contracts. zhongtai_platform: a whole platform in one process beside the tests.
fake_clock: a clock that stands until it is moved. Nothing is imported before a test asks for it.
Suites of ports (`shared_components.testing.ports`) tell what an assertion compared, as tests in a test file do.
"""
from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from shared_components.devstack.platform_process import PlatformProcess
    from shared_components.kernel.clock import FixedClock
    from shared_components.testing.ports.channels import Merchant
    from shared_components.testing.stub.running import Stub

pytest.register_assert_rewrite("shared_components.testing.ports")
START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
"""Where the clock stands: a Monday, nine o'clock in Beijing."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("zhongtai_contracts", "Folder with the app's copies of contract.json; else those installed.")


@pytest.fixture(scope="session")
def _zhongtai_stub(request: pytest.FixtureRequest) -> Iterator[Stub]:
    from shared_components.testing.stub.running import contracts_of, running_stub

    folder = request.config.getini("zhongtai_contracts")
    with running_stub(contracts_of((), request.config.rootpath / folder if folder else None)) as stub:
        yield stub


@pytest.fixture
def zhongtai_stub(_zhongtai_stub: Stub) -> Stub:
    """Services that answer from contracts; nothing is left of the test before."""
    _zhongtai_stub.services.reset()
    return _zhongtai_stub


@pytest.fixture(scope="session")
def zhongtai_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformProcess]:
    """A whole platform in one process, started once: embedded broker and databases, sandboxes for all outside."""
    from shared_components.devstack.platform_process import running_platform

    folder: Path = tmp_path_factory.mktemp("zhongtai")
    with running_platform(folder) as platform:
        yield platform


@pytest.fixture
def fake_clock() -> FixedClock:
    """A clock for the app's own code: `now()`, `advance(timedelta)`."""
    from shared_components.kernel.clock import FixedClock

    return FixedClock(START)


@pytest.fixture(scope="session")
def zhongtai_merchant() -> Iterator[Merchant]:
    """A listener that hears the callbacks of a payment channel; for the suite of channels."""
    from shared_components.testing.ports.channels import Merchant

    merchant = Merchant()
    yield merchant
    merchant.close()
