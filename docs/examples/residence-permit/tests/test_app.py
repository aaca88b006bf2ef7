"""The app alone; a made-up platform answers."""
from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parents[1]))

from permit_app import forms
from permit_app.app import make_app
from permit_app.settings import AppKey, Settings

SCHEMA: dict[str, Any] = {
    "type": "object", "required": ["address"],
    "properties": {
        "address": {"type": "string", "title": {"zh": "地址", "en": "Address"}, "maxLength": 20},
        "reason": {"type": "string", "title": {"zh": "事由", "en": "Ground"}, "enum": ["work", "study"]},
        "persons": {"type": "integer", "title": {"zh": "人数", "en": "Persons"}},
        "agreed": {"type": "boolean", "title": {"zh": "同意", "en": "Agreed"}},
    },
}
SETTINGS = Settings(
    "https://platform.example", "http://testserver", AppKey("c", "k1"), AppKey("d", "k2"), AppKey("s", "k3"),
    "residence-permit", "T")


class Platform(httpx.AsyncBaseTransport):
    """answers: (status, body) by path, used up from the left; the last one stays."""

    def __init__(self, answers: dict[str, list[tuple[int, Any]]]) -> None:
        self.answers, self.asked = answers, []  # type: ignore[var-annotated]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        found = self.answers[request.url.path]
        status, body = found.pop(0) if len(found) > 1 else found[0]
        return httpx.Response(status, json=body)


@pytest.fixture
def shop() -> Iterator[tuple[TestClient, Platform]]:
    permit = {"holder_name": "林静", "valid_until": "2027-12-01"}
    platform = Platform({"/v1/elicence/verify": [
        (503, {}), (200, {"valid": True, "state_label": "有效", "licence": permit})]})
    with TestClient(make_app(SETTINGS, {"shop": platform})) as client:
        yield client, platform


def form_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(form_token|op_id)" value="([^"]+)"', page))


def test_a_shop_learns_that_a_code_is_good_and_a_lost_answer_is_asked_for_again(
    shop: tuple[TestClient, Platform],
) -> None:
    client, platform = shop
    sent = client.post("/shop", data={**form_of(client.get("/shop?code=AB").text), "code": "AB"})
    assert (sent.status_code, "有效" in sent.text, "林静" in sent.text) == (200, True, True)
    first, second = platform.asked
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert first.headers["Authorization"] == "Bearer k3"
    assert json.loads(second.content)["code"] == "AB"


def test_a_form_of_another_site_does_nothing(shop: tuple[TestClient, Platform]) -> None:
    client, platform = shop
    assert client.post("/shop", data={"code": "AB", "form_token": "guessed", "op_id": "1"}).status_code == 403
    assert platform.asked == []


def test_who_is_not_logged_in_is_sent_to_the_platform_s_login() -> None:
    with TestClient(make_app(SETTINGS), follow_redirects=False) as client:
        went = client.get("/citizen/apply").headers["location"]
        assert went.startswith("https://platform.example/oauth/authorize?")
        assert "code_challenge_method=S256" in went and "acr_values" in went
        assert client.get("/citizen/callback?state=forged&code=x").status_code == 403


def test_a_code_with_markup_is_shown_as_text(shop: tuple[TestClient, Platform]) -> None:
    page = shop[0].get("/shop", params={"code": '"><script>alert(1)</script>'})
    assert "<script>" not in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_fields_come_from_the_definition_and_values_go_back_typed() -> None:
    found = {field.name: field for field in forms.fields(SCHEMA, "zh", {"address": "湖滨路"}, {"address": ["过短"]})}
    assert [field.kind for field in found.values()] == ["text", "choice", "text", "yes"]
    assert (found["address"].title, found["address"].problem, found["address"].required) == ("地址", "过短", True)
    assert forms.values(SCHEMA, {"address": " 湖滨路 ", "reason": "", "persons": "3", "more": "x"}) == {
        "address": "湖滨路", "persons": 3, "agreed": False}


def test_settings_that_cannot_be_read_are_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="writes them"):
        Settings.read(tmp_path / "settings.json")
