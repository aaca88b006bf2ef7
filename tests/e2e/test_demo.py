"""One government matter from its first step to its last, as `make demo` runs it."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e.commands import ROOT, python, zhongtai

EXPECTED = [
    "login pages, then /oauth/token", "level 3", "start_case", "办理中", "hospital calls back (HTTP, signed)",
    "forged one refused", "1 in the inbox, taken", "收件凭证", "〔", "bytes, sealed",
    "channel calls back (HTTP, signed)", "new version, old one void", "present", "有效; the code works once",
    "Trial balance", "Messages sent", "已办结", "The matter is done.",
]


@pytest.mark.parametrize(("arguments", "steps"), [([], 28), (["--broker", "rabbitmq"], 29)], ids=["inproc", "rabbitmq"])
def test_the_matter_is_carried_to_its_end(tmp_path: Path, arguments: list[str], steps: int) -> None:
    # What `make up` tells to export is another platform's.
    another = {"ZHONGTAI_BROKER_URL": "amqp://127.0.0.1:1/", "ZHONGTAI_HTTP_PORT": "1"}
    ran = zhongtai("demo", "--keep", str(tmp_path), *arguments, cwd=ROOT, **another)
    assert ran.returncode == 0, ran.stdout
    for text in EXPECTED:
        assert text in ran.stdout
    # The licence identifier before and after: the same licence in its next version.
    assert len(set(re.findall(r"1\.2\.156\.3005\.2\.[0-9A-Z.]+?\.(00[12])\.", ran.stdout))) == 2
    assert len(re.findall(r"✓", ran.stdout)) == steps
    assert len(list((tmp_path / "mails").glob("*.eml"))) == 5


PRICE_EXPECTED_WRONGLY = """
import sys
from shared_components.cli.green import patch_for
patch_for(["demo"])
from shared_components.cli.app import run_command
from shared_components.devstack.demo import scenario
scenario.FEE_MINOR = 999
sys.exit(run_command(["demo"]))
"""


def test_a_wrong_step_ends_it_with_1_and_is_named(tmp_path: Path) -> None:
    ran = python("-c", PRICE_EXPECTED_WRONGLY, cwd=tmp_path)
    assert ran.returncode == 1, ran.stdout
    assert "✗ pay: amount_minor is 1000, not 999" in ran.stdout
    assert "Traceback" not in ran.stdout
    assert "The matter is done." not in ran.stdout
