"""Requests made from the OpenAPI document, right ones and wrong ones: every answer is one that it names, none a crash.

A longer run by hand, against `make run`: `schemathesis run http://127.0.0.1:8000/openapi.json
-H 'Authorization: Bearer demo-app-key' --max-examples 200`, with the checks below.
"""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from services.gateway.domain.apps import DEMO_KEY
from tests.integration.gateway.platform import Platform
from tests.unit.gateway.test_methods import OPEN
from tests.unit.gateway.test_openapi import FILES

# Not among them: whether what fits the document is taken and what does not is refused. Contracts have rules that no
# schema states ("exactly one of both"), and a header that nobody knows is no mistake.
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "unsupported_method", "ignored_auth", "missing_required_header",
)


@pytest.mark.timeout(400)
def test_the_edge_answers_as_its_document_says(platform: Platform, tmp_path: Path) -> None:
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("schemathesis")), "run", f"{platform.address}/openapi.json",
         "-H", f"Authorization: Bearer {DEMO_KEY}", "--checks", ",".join(CHECKS), "--max-examples", "2",
         "--phases", "examples,coverage,fuzzing", "--generation-deterministic", "--continue-on-failure", "--no-color"],
        cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=380, check=False)
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert f"Tested: {len(OPEN) + len(FILES)}" in ran.stdout
    assert '"status":500' not in platform.log
