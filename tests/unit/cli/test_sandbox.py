"""The helper servers of `zhongtai run` leave nothing behind, however it ends."""
from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import yaml

from services.identity.settings import ServiceSettings
from services.identity.upstream.adapters.registry import ConfiguredProviders
from services.identity.upstream.domain.provider import SignIn
from services.identity.upstream.settings import providers_of
from shared_components.configuration.loading import load_configuration
from shared_components.devstack.sandbox import SETTINGS, own_folder, settings_kept, start_sandbox

PARENT = """
import sys, time
from contextlib import ExitStack
from pathlib import Path
from shared_components.devstack.sandbox import start_sandbox
with ExitStack() as stack:
    print(start_sandbox(stack, Path(sys.argv[1])).pay_url, flush=True)
    time.sleep(60)
"""
TIMEOUT_S = 20.0


def test_the_pay_channel_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    url = parent.stdout.readline().strip()
    assert httpx.get(url).status_code < 500
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until = time.monotonic() + TIMEOUT_S
    with pytest.raises(httpx.ConnectError):
        while time.monotonic() < until:
            httpx.get(url)
            time.sleep(0.1)


def test_the_identity_provider_is_configured_as_it_runs(tmp_path: Path) -> None:
    with ExitStack() as stack:
        configured = start_sandbox(stack, tmp_path).configured(load_configuration(environ={}))
        own = {name: value for name, value in configured["services"]["identity"].items() if name != "bus"}
        provider = ConfiguredProviders(providers_of(ServiceSettings().load(own)["upstream"])).get("sandbox")
        address = provider.address(SignIn("s", "n", "v" * 43, "http://127.0.0.1:9/login/upstream/sandbox"), locale="en")
        page = httpx.get(address)
        assert page.status_code == 200 and "http://127.0.0.1:9" in page.headers["content-security-policy"]
    assert (tmp_path / "openid-secret").stat().st_mode & 0o077 == 0


def test_each_run_has_a_folder_of_its_own_while_it_lives(tmp_path: Path) -> None:
    wanted = tmp_path / "sandbox"
    with ExitStack() as second:
        with ExitStack() as first:
            assert own_folder(first, wanted) == wanted
            assert own_folder(second, wanted) == tmp_path / "sandbox-2"
        # What has ended leaves its name to the next.
        with ExitStack() as third:
            assert own_folder(third, wanted) == wanted


def test_a_folder_is_free_again_when_its_run_was_killed(tmp_path: Path) -> None:
    holder = """
import sys, time
from contextlib import ExitStack
from pathlib import Path
from shared_components.devstack.sandbox import own_folder
with ExitStack() as stack:
    print(own_folder(stack, Path(sys.argv[1])), flush=True)
    time.sleep(60)
"""
    wanted = tmp_path / "sandbox"
    with subprocess.Popen([sys.executable, "-c", holder, str(wanted)], stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline().strip() == str(wanted)
        with ExitStack() as beside:
            assert own_folder(beside, wanted) == tmp_path / "sandbox-2"
        killed.kill()
    with ExitStack() as after:
        assert own_folder(after, wanted) == wanted


def test_one_run_leaves_the_settings_of_another_alone(tmp_path: Path) -> None:
    wanted = tmp_path / "sandbox"
    with ExitStack() as first:
        settings_kept(first, own_folder(first, wanted), {"of": "first", "services": {}})
        with ExitStack() as second:
            other = settings_kept(second, own_folder(second, wanted), {"of": "second", "services": {}})
            assert other == tmp_path / "sandbox-2" / SETTINGS
            assert (yaml.safe_load(other.read_text())["of"], other.stat().st_mode & 0o077) == ("second", 0)
        assert not other.exists()
        assert yaml.safe_load((wanted / SETTINGS).read_text())["of"] == "first"


def test_the_settings_of_a_run_are_good_in_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    urls = {"url": "sqlite:///var/zhongtai.db"}
    configuration = {"database": urls, "services": {"payment": {"database": urls}, "gateway": {}}}
    with ExitStack() as stack:
        kept = yaml.safe_load(settings_kept(stack, own_folder(stack, tmp_path / "run"), configuration).read_text())
    assert kept["database"]["url"] == f"sqlite:///{tmp_path}/var/zhongtai.db"
    assert kept["services"]["payment"]["database"] == kept["database"]
    assert configuration["database"] == {"url": "sqlite:///var/zhongtai.db"}, "the run's own settings are as they were"
