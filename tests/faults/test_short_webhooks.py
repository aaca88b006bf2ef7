"""Short form: webhooks to what must not be connected to. It is the whole of the experiment, which is quick."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.caught_network import NoSuchNetwork
from tests.faults.experiments import s15_webhook_targets
from tests.faults.short import report_of


def test_no_webhook_connects_to_anything_but_a_public_address(tmp_path: Path) -> None:
    report = report_of(s15_webhook_targets, 1)
    try:
        s15_webhook_targets.attack(tmp_path, report)
    except NoSuchNetwork as error:
        pytest.skip(str(error))
    assert report.passed, report.text()
