"""The sandbox's identity provider and a foreign judge pass the suite of other identity providers."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared_components.testing.ports.upstream import UpstreamSuite
from tests.integration.identity.upstream_providers import PROVIDERS, Upstream


@pytest.fixture(scope="module", params=sorted(PROVIDERS))
def upstream(request: pytest.FixtureRequest) -> Iterator[Upstream]:
    with PROVIDERS[request.param]() as running:
        yield running


class TestUpstream(UpstreamSuite):
    """All of the suite, for each provider."""
