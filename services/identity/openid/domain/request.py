"""Authorization requests: what a client asks for before a person logs in."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.identity.openid.domain import states
from services.identity.openid.domain.errors import AuthorizationRequestOver
from services.identity.openid.domain.scopes import OPENID

LIFETIME = timedelta(minutes=10)
PUSHED_LIFETIME = timedelta(seconds=60)
REQUEST_URI_PREFIX = "urn:ietf:params:oauth:request_uri:"
PROMPT_NONE, PROMPT_LOGIN, PROMPT_CONSENT, PROMPT_SELECT = "none", "login", "consent", "select_account"
PROMPTS = (PROMPT_NONE, PROMPT_LOGIN, PROMPT_CONSENT, PROMPT_SELECT)
CLOCKS_DIFFER = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Asked:
    """The checked parameters.

    min_level: the least assurance level, 0 for any. max_age_s: the oldest login that is good enough; None is any.
    hinted_subject: the person of an id_token_hint. ui_locales: preferred languages, best first.
    """

    redirect_uri: str
    scopes: frozenset[str]
    code_challenge: str
    state: str | None = None
    nonce: str | None = None
    min_level: int = 0
    prompt: frozenset[str] = frozenset()
    max_age_s: int | None = None
    ui_locales: tuple[str, ...] = ()
    login_hint: str | None = field(default=None, repr=False)
    hinted_subject: str | None = None

    @property
    def is_openid(self) -> bool:
        return OPENID in self.scopes

    @property
    def is_silent(self) -> bool:
        """Whether no page may be shown."""
        return PROMPT_NONE in self.prompt


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """One request. client_id: the app as it calls. realm_id: tenant id of the people who may log in.

    state: pushed, begun, completed or refused.
    """

    request_id: str
    client_id: str
    realm_id: str
    asked: Asked
    created_at: datetime
    expires_at: datetime
    state: str = states.BEGUN

    def require_open(self, at: datetime) -> AuthorizationRequest:
        """The request itself. Raises AuthorizationRequestOver."""
        if self.state != states.BEGUN or at >= self.expires_at:
            raise AuthorizationRequestOver
        return self

    def begun(self, at: datetime) -> AuthorizationRequest:
        """A pushed request in the person's browser. Raises IllegalTransition."""
        states.REQUEST.move(self.state, states.BEGUN)
        return replace(self, state=states.BEGUN, expires_at=at + LIFETIME)

    def in_state(self, state: str) -> AuthorizationRequest:
        """Raises IllegalTransition."""
        states.REQUEST.move(self.state, state)
        return replace(self, state=state)


def is_recent(asked: Asked, auth_time: datetime, at: datetime) -> bool:
    """Tell whether a login is recent enough for max_age; 0 asks for a new one."""
    if asked.max_age_s is None:
        return True
    return at - auth_time <= timedelta(seconds=asked.max_age_s) + CLOCKS_DIFFER


def needs_login(request: AuthorizationRequest, auth_time: datetime, at: datetime) -> bool:
    """Tell whether a person with a session has to log in once more: prompt=login, or max_age is over.

    A login that was made for this request is recent, whatever it asks.
    """
    if auth_time >= request.created_at:
        return False
    return PROMPT_LOGIN in request.asked.prompt or not is_recent(request.asked, auth_time, at)
