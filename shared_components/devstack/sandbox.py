"""Surroundings of a platform under development: a mail server that delivers to nobody, a payment provider, a carrier
of text messages and a seal service to practise with, keys of a pretended hospital, and the seed of the demonstration
matter."""
from __future__ import annotations

import copy
import fcntl
import itertools
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from shared_components.kernel.errors import AppError

LOOPBACK = "127.0.0.1"
HOSPITAL_KEY_ID = "hospital-demo"
CARRIER_ACCOUNT = "sandbox-account"
SEALS_KEY_ID = "zhongtai"
MAIL_SINK = "shared_components.devstack.smtp_sink"
PAY_CHANNEL = "services.payment.sandbox"
CARRIER = "services.notification.sandbox"
SEALS = "shared_components.devstack.seal_service"
OPENID = "services.identity.sandbox.openid"
STOP_TIMEOUT_S = 40.0
OPENID_SECRET = "openid-secret"  # noqa: S105 -- a file's name
SETTINGS = "zhongtai.yaml"
RELATIVE_SQLITE = "sqlite:///"


class HelperFailed(AppError):
    code = "cli.helper-failed"
    texts = {"en": "A helper server did not start.", "zh": "辅助服务未能启动。"}


@dataclass(frozen=True)
class Sandbox:
    """Addresses and keys of what was started. hospital_key: what the pretended hospital signs its callbacks with.

    issuer: of the identity provider to practise with; empty where none was started. carrier_url: of the carrier of
    text messages, seals_url: of the seal service; empty likewise.
    """

    folder: Path
    smtp_port: int
    pay_url: str
    merchant_id: str
    merchant_secret: str
    hospital_key: str
    issuer: str = ""
    carrier_url: str = ""
    seals_url: str = ""

    @property
    def mails(self) -> Path:
        return _mails(self.folder)

    def configured(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        """A configuration in which the services use this sandbox, where it does not say otherwise."""
        result = copy.deepcopy(dict(configuration))
        public_url = result["http"]["public_url"]
        ours: dict[str, dict[str, Any]] = {
            "notification": {"smtp_host": LOOPBACK, "smtp_port": self.smtp_port},
            "payment": {"sandbox": {
                "base_url": self.pay_url, "merchant_id": self.merchant_id, "secret": self.merchant_secret,
                "notify_url": f"{public_url}/callbacks/payment/sandbox",
            }},
            "matter": {"callback_keys": [
                {"key_id": HOSPITAL_KEY_ID, "source": "hospital", "secret": self.hospital_key}]},
        }
        if self.carrier_url:
            ours["notification"]["sms"] = {"sandbox": carrier_settings(
                self.carrier_url, self.merchant_secret, public_url)}
        if self.seals_url:
            ours["matter"]["seal"] = {
                "url": self.seals_url, "key_id": SEALS_KEY_ID, "secret": self.merchant_secret}
        if self.issuer:
            ours["identity"] = {"upstream": {"sandbox": self._identity_provider()}}
        for service, settings in ours.items():
            result["services"][service] = {**settings, **result["services"].get(service, {})}
        return result

    def _identity_provider(self) -> dict[str, Any]:
        """Settings of a relying party of the sandbox's identity provider."""
        return {
            "title": "沙箱身份认证", "title_en": "Sandbox identity provider", "issuer": self.issuer,
            "client_id": "zhongtai", "client_secret_file": str((self.folder / OPENID_SECRET).absolute()),
            "claims": {"name": "name", "id_type": "id_type", "id_number": "id_number", "credit_code": "org_code",
                       "organisation_name": "org_name", "organisation_role": "org_role"},
            "representative_roles": ["legal-representative"],
            "levels": {"level-2": "name-number-match", "level-3": "proof-of-presence"},
            "trusted_for_documents": True, "registers": True,
        }


def start_openid_provider(stack: ExitStack, folder: Path) -> str:
    """Its issuer; the secret of its client lies in the folder. It ends with the stack."""
    secret = secrets.token_hex(16)
    path = folder / OPENID_SECRET
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(secret, encoding="utf-8")
    told = _helper(stack, OPENID, ["--port", "0", "--end-with-parent"], {"ZHONGTAI_SANDBOX_SECRET": secret})
    return str(told["issuer"])


def start_mail_server(stack: ExitStack, folder: Path) -> int:
    """Its port; the mails come to the folder's `mails`. It ends with the stack."""
    return int(_helper(stack, MAIL_SINK, ["--port", "0", "--folder", str(_mails(folder))], {})["port"])


def _mails(folder: Path) -> Path:
    return folder / "mails"


def start_pay_channel(stack: ExitStack, secret: str, *options: str) -> dict[str, Any]:
    """Its base_url and merchant_id; it ends with the stack."""
    arguments = ["--port", "0", "--end-with-parent", *options]
    return _helper(stack, PAY_CHANNEL, arguments, {"ZHONGTAI_SANDBOX_SECRET": secret})


def start_carrier(stack: ExitStack, secret: str, *options: str) -> str:
    """Its base_url; it ends with the stack."""
    arguments = ["--port", "0", "--end-with-parent", *options]
    return str(_helper(stack, CARRIER, arguments, {"ZHONGTAI_SANDBOX_SECRET": secret})["base_url"])


def start_seal_service(stack: ExitStack, secret: str) -> str:
    """Its base_url; it ends with the stack."""
    told = _helper(stack, SEALS, ["--port", "0", "--end-with-parent"], {"ZHONGTAI_SANDBOX_SECRET": secret})
    return str(told["base_url"])


def carrier_settings(base_url: str, secret: str, public_url: str) -> dict[str, Any]:
    """The section services.notification.sms.sandbox."""
    return {
        "base_url": base_url, "account": CARRIER_ACCOUNT, "secret": secret,
        "notify_url": f"{public_url}/callbacks/notification/sandbox",
    }


def start_sandbox(stack: ExitStack, folder: Path) -> Sandbox:
    """Start all of it; it ends with the stack."""
    secret = secrets.token_hex(16)
    smtp_port = start_mail_server(stack, folder)
    channel = start_pay_channel(stack, secret)
    return Sandbox(
        folder, smtp_port, channel["base_url"], channel["merchant_id"], secret, secrets.token_hex(16),
        start_openid_provider(stack, folder), start_carrier(stack, secret), start_seal_service(stack, secret))


def own_folder(stack: ExitStack, wanted: Path) -> Path:
    """`wanted`, or `wanted-2` and so on when another running process has it; ours until the stack ends.

    The kernel's lock says who has it, so that a run that was killed leaves its folder to the next.
    """
    for number in itertools.count(1):
        folder = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        stack.enter_context(lock)
        return folder
    raise AssertionError("unreachable")


def settings_kept(stack: ExitStack, folder: Path, configuration: Mapping[str, Any]) -> Path:
    """The file for commands beside a run, in its own folder: the pay channel's address and secret are of it alone.

    Paths in it are whole, so that a command finds the run's database from every folder.
    """
    path = folder / SETTINGS
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(_with_whole_paths(configuration)), encoding="utf-8")
    stack.callback(path.unlink, missing_ok=True)
    return path


def _with_whole_paths(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """SQLite's files by their whole path, in the database of all services and in those of single ones."""
    result = copy.deepcopy(dict(configuration))
    for section in (result, *result["services"].values()):
        url = section.get("database", {}).get("url")
        if url and url.startswith(RELATIVE_SQLITE) and not url.startswith(f"{RELATIVE_SQLITE}/"):
            section["database"]["url"] = RELATIVE_SQLITE + str(Path(url.removeprefix(RELATIVE_SQLITE)).absolute())
    return result


def seed_of_matter() -> dict[str, Any]:
    """The fee item, the receipt numbers, the licence type and the example of the demonstration matter."""
    text = (files("services.matter") / "definitions" / "seed.yaml").read_text(encoding="utf-8")
    seed: dict[str, Any] = yaml.safe_load(text)
    return seed


def definition_of_matter() -> str:
    """The definition of the demonstration matter, YAML, as it is shipped."""
    return (files("services.matter") / "definitions" / "driving-licence-renewal.yaml").read_text(encoding="utf-8")


def put_seed(operator: Any) -> None:
    """Put what the demonstration matter needs into the components, where it is not there yet."""
    seed = seed_of_matter()
    operator.matter.bootstrap()
    for item in seed["fee_items"]:
        # A put makes a new version, and what is there may be what somebody has set since.
        if not operator.payment.list_fee_items(item_code=item["item_code"])["items"]:
            operator.payment.put_fee_item(**item)
    for numbers in seed["receipt_ranges"]:
        if not operator.payment.list_receipt_ranges(collecting_unit=numbers["collecting_unit"])["items"]:
            operator.payment.put_receipt_range(**numbers)
    for kind in seed["licence_types"]:
        if not _has_type(operator, kind["type_code"]):
            operator.elicence.put_type(**kind)


def _has_type(operator: Any, code: str) -> bool:
    page = operator.elicence.list_types()
    while not any(kind["type_code"] == code for kind in page["items"]):
        if page["next"] is None:
            return False
        page = operator.elicence.list_types(after=page["next"])
    return True


def subprocess_in(stack: ExitStack, arguments: Sequence[str], log_file: Any, environment: Mapping[str, str]) -> None:
    """Start a Python process that ends with the stack."""
    process = subprocess.Popen(
        [sys.executable, *arguments], stdout=log_file, stderr=log_file, start_new_session=True, env=environment)
    stack.callback(_end, process)


def _helper(stack: ExitStack, module: str, arguments: list[str], environment: Mapping[str, str]) -> dict[str, Any]:
    """Start a helper server; the line of JSON in which it says where it listens."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, start_new_session=True,
        env=os.environ | dict(environment))
    stack.callback(_end, process)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise HelperFailed(f"{module} ended with exit code {process.wait()} before it listened")
    told: dict[str, Any] = json.loads(line)
    return told


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
