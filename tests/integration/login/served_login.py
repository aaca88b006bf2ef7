"""The platform as `zhongtai run` serves it, with a realm, apps and persons; logins are finished without their pages."""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc.jwk import ECKey

from services.identity.commands.transactions import IdentityTransactions
from services.identity.directory.usecases.register_app import RegisterApp, register_app
from services.identity.openid.usecases.complete_request import complete_authorization, open_request
from services.identity.sessions.domain.session import Session
from services.identity.sessions.usecases.open_session import OpenSession, open_session
from services.identity.subjects.usecases import RegisterPerson, register_person
from shared_components.configuration.loading import load_configuration
from shared_components.devstack.processes import free_port
from shared_components.kernel.acting import CITIZEN
from shared_components.kernel.calls import CallContext
from shared_components.kernel.numbers import complete_resident_id
from tests.e2e.commands import Running, zhongtai

REALM = "default"
SANDBOX = f"{REALM}-sandbox"
KEY = ECKey.generate_key("P-256", {"kid": "one"})
APPS: Mapping[str, Mapping[str, Any]] = {
    "client_secret_basic": {}, "client_secret_post": {}, "none": {"client_type": "public"},
    "private_key_jwt": {"jwks": {"keys": [KEY.as_dict(private=False)]}},
}
"""How a client proves itself → how it is registered."""
REDIRECT, AFTER_LOGOUT = "https://tax.example/cb", "https://tax.example/bye"


def client_id(method: str) -> str:
    return f"app-{method.replace('_', '-')}-sandbox"


class ServedLogin:
    """One realm; apps are clients of its sandbox."""

    def __init__(self, folder: Path) -> None:
        self.issuer = f"http://127.0.0.1:{free_port()}"
        path = folder / "zhongtai.yaml"
        path.write_text(json.dumps({
            "http": {"port": int(self.issuer.rpartition(":")[2]), "public_url": self.issuer},
            "database": {"url": f"sqlite:///{folder}/var/zhongtai.db"}, "log": {"format": "json"},
            "security": {"master_key_file": str(folder / "var" / "master.key"), "pairwise_ids": True},
        }))
        self._folder, self._people = folder, 0
        self.secrets: dict[str, str] = {}
        self.running = Running(folder, more={"ZHONGTAI_CONFIG": str(path)})
        self._configuration = load_configuration(path, environ={})

    def start(self) -> None:
        self.running.address()
        made = zhongtai(
            "directory", "create-realm", REALM, "示范市", "--department", "数据局", cwd=self._folder,
            ZHONGTAI_CONFIG=str(self._folder / "zhongtai.yaml"))
        assert made.returncode == 0, made.stdout
        self.transactions = IdentityTransactions(self._configuration, REALM)
        self._operator = CallContext("operator", REALM, op_id="op-1")

    def stop(self) -> None:
        self.transactions.close()
        assert self.running.interrupt() == 0
        assert "Traceback" not in self.running.text

    def register(self, app: str, **more: Any) -> str:
        """The app's sandbox key; its client_id ends with -sandbox."""
        with self.transactions.begin() as tx:
            realm = tx.realms.get(REALM)
            assert realm is not None
            return register_app(tx, RegisterApp(**{
                "app": app, "title": "办税", "department_id": realm.department_id, "redirect_uris": (REDIRECT,),
                "post_logout_redirect_uris": (AFTER_LOGOUT,), **more}), self._operator).key

    def session(self) -> Session:
        """The session of a new person of the sandbox."""
        self._people += 1
        number = complete_resident_id(f"33010619920101{self._people:03d}")
        with self.transactions.begin([SANDBOX]) as tx:
            person = register_person(
                tx, RegisterPerson(name="林静", id_number=number, id_type="111", locale="zh-CN"),
                CallContext("operator", SANDBOX, op_id="op-1"))
            return open_session(tx, OpenSession(SANDBOX, person.subject_id, CITIZEN, ("pwd",)), None)

    def log_in(self, url: str, session: Session | None = None) -> str:
        """Follow an authorization URL as a browser does, log in, consent to all; the address that comes back."""
        answer = httpx.get(url, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        location = answer.headers["location"]
        if not location.startswith("/login?"):
            return str(location)
        request_id = parse_qs(urlsplit(location).query)["request"][0]
        with self.transactions.begin([SANDBOX]) as tx:
            request, _ = open_request(tx, request_id)
            consent: Sequence[str] = sorted(request.asked.scopes)
        made = session or self.session()
        with self.transactions.begin([SANDBOX]) as tx:
            return complete_authorization(tx, request_id, made, consent=consent)
