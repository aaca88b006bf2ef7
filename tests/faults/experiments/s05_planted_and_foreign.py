"""S5: secrets planted in a browser before its login, and forms that other sites make it send."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from services.gateway.adapters.login_pages import account_endpoints, endpoints
from services.gateway.adapters.login_pages.browsers import csrf_token
from services.identity.login.domain.errors import LoginOver
from services.identity.login.domain.ports import BrowserSession
from services.identity.login.usecases import advance
from shared_components.kernel.clock import SystemClock
from tests.faults.lab import Lab
from tests.faults.report import Report
from tests.unit.gateway.login_world import ACCOUNT, COOKIE, STEP
from tests.unit.gateway.login_world import Browser as GatewayBrowser
from tests.unit.identity.login.world import Browser, Logins
from tests.unit.identity.worlds import SqlTransactions

ID, TITLE = "S5", "a secret planted before the login, logins of other browsers, forms of other sites"
TARGET = "nobody else is signed in, and no foreign form reaches identity; red without new secrets and form checks"
OPERATIONS, UNIT = 1, "rounds"
SERVICE, NUMBER, PLANTED = "identity", "33010619850615002X", "planted-by-the-attacker"
FORMS = {
    "a step of the login": ("/login/lgn_1", "/login/lgn_1"), "sessions": ("/account/sessions", "/account/sessions"),
    "consents": ("/account/consents", "/account/consents"), "mandates": ("/account/mandates", "/account/mandates"),
    "the password": ("/account/sign-in", "/account/sign-in"), "signing out": ("/account/sign-out", "/account/sign-out"),
    "a passkey's options": ("/login/lgn_1/passkey", "/login/lgn_1"),
}
"""What a form does → its address, and the page whose token it needs."""
ORIGINS = {
    "another site": {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    "another site, an old browser": {"origin": "https://evil.example", "sec-fetch-site": ""},
    "a sister host": {"origin": "https://www.127.0.0.1.nip.io", "sec-fetch-site": "same-site"},
    "another port": {"origin": "http://127.0.0.1:9000", "sec-fetch-site": "same-site"},
    "another scheme": {"origin": "https://127.0.0.1:8000", "sec-fetch-site": ""},
    "a sandboxed frame": {"origin": "null", "sec-fetch-site": "cross-site"},
    "nothing of where": {"origin": "", "sec-fetch-site": ""},
    "this platform": {},
}
TOKENS = ("genuine", "missing", "of another page", "of another browser", "made up")


def run(lab: Lab, report: Report) -> None:
    report.faults = "an attacker who sets cookies, sends addresses and makes the browser send forms"
    plant(lab, report)
    send(report)
    with lab.world(f"{ID}-blind", SERVICE) as world, same_secret_after_login():
        seen = len(_planted_attacks(world.folder, world.database_url))
    report.add_blind("the secret stays the same after the login", {"signed in": seen}, seen)
    with forms_unchecked():
        seen = len(_through())
    report.add_blind("forms are not checked", {"reached identity": seen}, seen)


def plant(lab: Lab, report: Report) -> None:
    """Session fixation in all ways, on PostgreSQL."""
    with lab.world(ID, SERVICE) as world:
        through = _planted_attacks(world.folder, world.database_url)
    report.add("planted secrets and foreign logins", {"tried": len(ATTACKS), "signed in": len(through)}, through)


def send(report: Report) -> None:
    """Every form from every origin with every token; only our own with its own token may pass."""
    through = _through()
    tried = len(FORMS) * (len(ORIGINS) * len(TOKENS) - 1)
    report.add("forms of other sites", {"tried": tried, "reached identity": len(through)}, through)


def _planted_attacks(folder: Path, url: str | None) -> list[str]:
    transactions = SqlTransactions(folder, SystemClock(), url=url)
    with _disposing(transactions):
        logins = Logins(transactions, transactions.clock)  # type: ignore[arg-type]
        logins.citizen(NUMBER)
        return [name for name, attack in ATTACKS.items() if _signs_in(partial(attack, logins))]


@contextmanager
def _disposing(transactions: SqlTransactions) -> Iterator[None]:
    try:
        yield
    finally:
        transactions.database.dispose()


def _signs_in(attack: Callable[[], bool]) -> bool:
    try:
        return attack()
    except LoginOver:
        return False


def _victim(logins: Logins, secret: str = "victim") -> Browser:
    """A browser whose person has just signed in."""
    browser = logins.browser(secret)
    browser.begin()
    step = browser.sign_in(NUMBER)
    if step.page == "consent":
        browser.answer("allow")
    return browser


def _is_signed_in(browser: Browser) -> bool:
    return browser.account("sessions").location is None or browser.begin().location is not None


def _planted_before(logins: Logins) -> bool:
    _victim(logins, PLANTED)
    return _is_signed_in(logins.browser(PLANTED))


def _planted_between(logins: Logins) -> bool:
    """The attacker begins, and lets the victim's browser go on with the attacker's cookie."""
    attacker = logins.browser(PLANTED)
    attacker.begin()
    victim = logins.browser(PLANTED)
    victim.step = attacker.at
    if victim.sign_in(NUMBER).page == "consent":
        victim.answer("allow")
    return _is_signed_in(attacker)


def _step_up_keeps_planted(logins: Logins) -> bool:
    victim = _victim(logins)
    stolen = logins.browser(victim.secret)
    victim.begin(acr_values="urn:zhongtai:level:2")
    victim.answer(way="evidence:name-number-match")
    return _is_signed_in(stolen)


def _foreign_login(logins: Logins) -> bool:
    attacker, victim = logins.browser("attacker"), logins.browser("victim-2")
    attacker.begin()
    victim.step = attacker.at
    return victim.read().page != ""


def _used_request(logins: Logins) -> bool:
    request_id = logins.request_id()
    logins.browser("attacker").begin(request_id=request_id)
    return logins.browser("victim-3").begin(request_id=request_id).page != ""


def _finished_login(logins: Logins) -> bool:
    victim = _victim(logins, "victim-4")
    replayed = logins.browser(victim.secret)
    replayed.step = victim.at
    return replayed.answer("allow", page="consent").location is not None


def _device_alone(logins: Logins) -> bool:
    victim = _victim(logins, "victim-5")
    attacker = logins.browser("attacker-2")
    attacker.device = victim.device
    return _is_signed_in(attacker)


ATTACKS: dict[str, Callable[[Logins], bool]] = {
    "a secret planted before the login": _planted_before, "a login begun by the attacker": _planted_between,
    "a secret stolen before a step-up": _step_up_keeps_planted, "a login of another browser": _foreign_login,
    "a request that was used": _used_request, "a login that is done": _finished_login,
    "the device's secret alone": _device_alone,
}


def _through() -> list[str]:
    """Forms that reached identity, and our own ones that did not."""
    found = []
    browser = GatewayBrowser({
        "read_login": STEP, "continue_login": STEP, "read_account": ACCOUNT, "change_account": ACCOUNT,
        "sign_out": {"signed_out": True}, "offer_passkey": {"options": {}}})
    for form, (address, page) in FORMS.items():
        for origin, headers in ORIGINS.items():
            for token in TOKENS:
                reached = _reaches(browser, address, page, headers, token)
                if reached != (origin == "this platform" and token == "genuine"):
                    found.append(f"{form} from {origin} with a token {token}: {'taken' if reached else 'refused'}")
    return found


def _reaches(browser: GatewayBrowser, address: str, page: str, headers: dict[str, str], token: str) -> bool:
    form = {"csrf": _token(browser, page, token)} if token != "missing" else {}
    browser.asked.clear()
    browser.post(address, form, **headers)
    return bool(browser.asked)


def _token(browser: GatewayBrowser, page: str, kind: str) -> str:
    secret = browser.cookies[COOKIE]
    return {
        "genuine": csrf_token(secret, page), "of another page": csrf_token(secret, "/login/lgn_2"),
        "of another browser": csrf_token("t" * 43, page), "made up": "0" * 64, "missing": "",
    }[kind]


@contextmanager
def same_secret_after_login() -> Iterator[None]:
    """Without the protection: the browser stays known by the secret that it came with."""
    def kept(tx: Any, interaction: Any, session: Any, context: Any) -> str | None:
        tx.browsers.put(
            interaction.browser_hash, session.kind, BrowserSession(session.realm_id, session.session_id),
            until=session.ends_at)
        return None

    with patch.object(advance, "_new_secret", kept):
        yield


@contextmanager
def forms_unchecked() -> Iterator[None]:
    """Without the protection: a form counts wherever it came from."""
    def unchecked(*_: Any, **__: Any) -> None:
        return None

    with patch.object(endpoints, "check_form", unchecked), patch.object(account_endpoints, "check_form", unchecked):
        yield

