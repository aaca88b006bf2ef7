"""Providers for the contract suite, each a process of its own: the sandbox's, and npm's oidc-provider unmodified."""
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from services.identity.sandbox.population import PERSONS
from services.identity.upstream.domain.connection import OpenIdSettings
from shared_components.testing.ports.upstream import REDIRECT_URI, Upstream
from tests.npm_packages import node_modules

__all__ = ["PROVIDERS", "REDIRECT_URI", "Upstream", "oidc_provider", "sandbox"]
HERE = Path(__file__).parent
CLIENT_ID, SECRET = "zhongtai", "a secret: 100% & more"
CLAIMS = {"name": "name", "id_type": "id_type", "id_number": "id_number"}
MOST_STEPS = 8


@contextmanager
def sandbox() -> Iterator[Upstream]:
    command = [sys.executable, "-m", "services.identity.sandbox.openid", "--port", "0", "--end-with-parent"]
    with _started(command, {"ZHONGTAI_SANDBOX_SECRET": SECRET}) as issuer:
        yield Upstream(OpenIdSettings(issuer, CLIENT_ID, SECRET, claims=CLAIMS), _browse_sandbox)


@contextmanager
def oidc_provider() -> Iterator[Upstream]:
    modules = node_modules(HERE / "oidc_provider")
    people = {number: {"name": name, "id_type": "111", "id_number": number} for number, name in PERSONS.items()}
    settings = {"CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": SECRET, "REDIRECT_URI": REDIRECT_URI,
                "PEOPLE": json.dumps(people), "NODE_ENV": "development"}
    script = (HERE / "oidc_provider" / "server.mjs").read_text(encoding="utf-8")
    # From standard input: modules are then found from the working directory, where npm has put them.
    with _started(["node", "--input-type=module", "-"], settings, cwd=modules.parent, text=script) as issuer:
        yield Upstream(
            OpenIdSettings(issuer, CLIENT_ID, SECRET, scopes=("openid", "profile"), claims=CLAIMS), _browse_judge)


PROVIDERS = {"sandbox": sandbox, "oidc-provider": oidc_provider}


@contextmanager
def _started(
    command: list[str], settings: Mapping[str, str], *, cwd: Path | None = None, text: str = "",
) -> Iterator[str]:
    """Run a provider; gives its issuer."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=cwd,
        env=os.environ | settings, text=True)
    try:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(text)
        process.stdin.close()
        line = process.stdout.readline()
        assert line, "the provider did not start"
        yield str(json.loads(line)["issuer"])
    finally:
        process.kill()
        process.wait(20)


def _browse_sandbox(address: str, number: str | None) -> str:
    with httpx.Client(trust_env=False) as browser:
        assert browser.get(address).status_code == 200
        form = {"cancel": "1"} if number is None else {"number": number, "acr": "level-3"}
        return _query(browser.post(address, data=form))


def _browse_judge(address: str, number: str | None) -> str:
    """Walk through oidc-provider's own development pages: login, then consent."""
    with httpx.Client(trust_env=False) as browser:
        answer = browser.get(address)
        for _ in range(MOST_STEPS):
            if answer.is_redirect:
                target = urljoin(str(answer.url), answer.headers["location"])
                if target.startswith(REDIRECT_URI):
                    return _query(answer)
                answer = browser.get(target)
                continue
            assert answer.status_code == 200, answer.text[:500]
            answer = _submit(browser, answer, number)
    raise AssertionError(f"no answer after {MOST_STEPS} steps")


def _submit(browser: httpx.Client, page: httpx.Response, number: str | None) -> httpx.Response:
    if number is None:
        found = re.search(r'href="([^"]*/abort)"', page.text)
        assert found, page.text[:500]
        return browser.get(urljoin(str(page.url), found[1]))
    action = re.search(r'action="([^"]+)"', page.text)
    prompt = re.search(r'name="prompt" value="(\w+)"', page.text)
    assert action and prompt, page.text[:500]
    data = {"prompt": prompt[1], "login": number, "password": "any"}
    return browser.post(urljoin(str(page.url), action[1]), data=data)


def _query(answer: httpx.Response) -> str:
    target = answer.headers["location"]
    assert target.startswith(REDIRECT_URI), target
    return urlsplit(target).query
