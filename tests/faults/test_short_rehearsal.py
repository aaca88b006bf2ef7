"""A rehearsal against a running payment service: good calls, a report, and a plan."""
from __future__ import annotations

from pathlib import Path

import pytest

from shared_components.cli.app import run_command
from tests.faults.lab import Lab
from tests.faults.load import wait_for

pytestmark = pytest.mark.integration


def test_a_rehearsal_reports_what_one_process_does(
    lab: Lab, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    with lab.world("rehearsal", "payment") as world:
        world.workers.start("payment")
        with world.view() as view:
            assert wait_for(lambda: [one.service for one in view.instances()] == ["payment"], 30)
        report = tmp_path / "report.html"
        assert run_command(["-c", str(world.folder / "zhongtai.yaml"), "rehearse", "--rate", "20/s", "--for", "3s",
                            "--shape", "steady", "--report", str(report)]) == 0
        said = capsys.readouterr().out
        assert "processes, a core each" in said and "<polyline" in report.read_text()
        tenants = world.rows("payment", "SELECT DISTINCT tenant_id FROM orders")
        assert [tenant for (tenant,) in tenants] == ["rehearsal"]
