"""Each channel passes the suite of channels against its own provider: another process, real keys, loopback HTTP."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared_components.testing.ports.channels import ChannelSuite, Kit, Merchant
from tests.unit.payment.channels.providers.kits import kit

pytest.importorskip("wechatpayv3")
pytest.importorskip("alipay")


@pytest.fixture(scope="module", params=["sandbox", "wechat", "alipay"])
def own(
    request: pytest.FixtureRequest, zhongtai_merchant: Merchant, tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Kit]:
    with kit(request.param, tmp_path_factory.mktemp(request.param), zhongtai_merchant.url) as made:
        yield made


class TestChannel(ChannelSuite):
    """All of the suite, for each channel."""
