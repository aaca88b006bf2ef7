"""The behaviour that memory and SQLite have, on PostgreSQL."""
from __future__ import annotations

import pytest

from tests.unit.payment.fees.test_fee_items import *  # noqa: F403
from tests.unit.payment.fees.test_fee_rules import *  # noqa: F403
from tests.unit.payment.ledger.test_books import *  # noqa: F403
from tests.unit.payment.ledger.test_close_days import (  # noqa: F401
    test_a_day_is_closed_some_time_after_its_midnight_in_china_and_once,
    test_days_that_were_missed_are_closed_each_on_its_own,
    test_every_tenant_has_its_days_closed,
    test_what_somebody_closes_at_the_same_moment_is_left_to_him,
)
from tests.unit.payment.ledger.test_settlement import test_a_day_is_settled_by_unit_from_the_day_after_on  # noqa: F401
from tests.unit.payment.orders.test_notifications import *  # noqa: F403
from tests.unit.payment.orders.test_orders import *  # noqa: F403
from tests.unit.payment.orders.test_refunds import *  # noqa: F403
from tests.unit.payment.orders.test_scheduled import *  # noqa: F403
from tests.unit.payment.orders.test_start_payment import *  # noqa: F403
from tests.unit.payment.receipts.test_receipts import *  # noqa: F403
from tests.unit.payment.reconciliation.test_channel_fees import *  # noqa: F403
from tests.unit.payment.reconciliation.test_import_statement import *  # noqa: F403
from tests.unit.payment.reconciliation.test_reconciliation import *  # noqa: F403
from tests.unit.payment.webhooks.test_webhooks import *  # noqa: F403

pytestmark = pytest.mark.integration
