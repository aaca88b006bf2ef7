"""`zhongtai sandbox token` and `zhongtai keys sign`."""
from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared_components.kernel.acting import OFFICER
from shared_components.security.proofs.access_tokens import AccessTokens
from shared_components.security.proofs.key_folder import KeyFolder


def session_of(folder: Path, text: str, app: str = "app-demo") -> Any:
    keys = KeyFolder(folder / "var" / "keys", makes=False)
    tokens = AccessTokens(keys.public_keys("sandbox"), issuer="sandbox", realm="sandbox")
    return tokens.verify(text, app=app, at=datetime.now(UTC))


def test_a_token_of_a_citizen(zhongtai: Any, tmp_path: Path) -> None:
    said = zhongtai("sandbox", "token", "sub_1").out.strip()
    acting = session_of(tmp_path, said).acting
    assert (acting.subject, acting.kind, acting.level) == ("sub_1", "citizen", 2)
    assert {"licence", "order", "case"} <= acting.scopes


def test_a_token_of_an_officer_and_of_an_agent(zhongtai: Any, tmp_path: Path) -> None:
    said = zhongtai("sandbox", "token", "sub_9", "--department", "police", "--role", "handler", "--json").out
    officer = session_of(tmp_path, json.loads(said)["token"]).acting
    assert (officer.kind, officer.department, officer.roles) == (OFFICER, "police", frozenset({"handler"}))
    said = zhongtai("sandbox", "token", "sub_1", "--for", "sub_2", "--mandate", "man_1", "--app", "app-x").out.strip()
    agent = session_of(tmp_path, said, "app-x").acting
    assert (agent.subject, agent.principal, agent.mandate.mandate_id) == ("sub_1", "sub_2", "man_1")


@pytest.mark.parametrize(("arguments", "says"), [
    (("sub_1", "--for", "sub_2"), "--for and --mandate come together"),
    (("sub_1", "--for", "sub_2", "--mandate", "m", "--department", "d"), "an officer's session has no principal"),
    (("sub 1",), "signs that are not allowed"),
])
def test_wrong_use_is_told(zhongtai: Any, arguments: tuple[str, ...], says: str) -> None:
    ran = zhongtai("sandbox", "token", *arguments)
    assert ran.code == 2 and says in ran.err


def test_keys_that_sign_have_versions(zhongtai: Any, tmp_path: Path) -> None:
    assert "version 1" in zhongtai("keys", "sign", "matter", "signing").out
    assert "version 2" in zhongtai("keys", "sign", "matter", "signing").out
    assert sorted(path.name for path in (tmp_path / "signing").iterdir()) == [
        "matter.1.pem", "matter.1.pub.pem", "matter.2.pem", "matter.2.pub.pem"]
    assert zhongtai("keys", "sign", "Matter/x", "signing").code == 2
