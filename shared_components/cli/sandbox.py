"""`zhongtai sandbox`: pretended persons, whom to sign in as, and tokens without a login."""
from __future__ import annotations

import click

from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_json
from shared_components.cli.sandbox_people import people
from shared_components.cli.sandbox_platform import play, reset, serve
from shared_components.cli.sandbox_sign_in import codes
from shared_components.cli.sandbox_signature import check_signature
from shared_components.cli.settings import configuration_of, json_option

SCOPES = ("case", "licence", "message", "order", "receipt", "subject")
LONGEST_S = 600


@click.group("sandbox")
def command() -> None:
    """A platform to practise with, its pretended persons and their sessions; for development only."""


for each in (people, codes, serve, reset, play, check_signature):
    command.add_command(each)


@command.command("token")
@click.argument("subject")
@click.option("--app", default="app-demo", show_default=True, help="The only app that may use the token.")
@click.option("--level", default=2, show_default=True, type=click.IntRange(0, 100), help="Assurance level.")
@click.option("--scope", "scopes", multiple=True, help=f"A resource; may be repeated.  [default: {' '.join(SCOPES)}]")
@click.option("--department", help="An officer's session: the tenant id of the department.")
@click.option("--role", "roles", multiple=True, help="An officer's role; may be repeated.")
@click.option("--for", "principal", help="Whom the person acts for, with --mandate.")
@click.option("--mandate", help="The mandate's id.")
@click.option("--tenant", help="By which the app calls; left out, the configuration's.")
@click.option("--seconds", default=LONGEST_S, show_default=True, type=click.IntRange(1, LONGEST_S), help="Lifetime.")
@json_option
@click.pass_context
def token(
    context: click.Context, subject: str, app: str, level: int, scopes: tuple[str, ...], department: str | None,
    roles: tuple[str, ...], principal: str | None, mandate: str | None, tenant: str | None, seconds: int,
    as_json: bool,
) -> None:
    """Print an access token of SUBJECT, signed by the sandbox's key.

    SUBJECT is the real id, or the one that the app knows.
    """
    from shared_components.devstack.sandbox_tokens import sandbox_token
    from shared_components.kernel.acting import CITIZEN, OFFICER, Acting, Mandate
    from shared_components.kernel.ids import new_id
    from shared_components.security.errors import TokenInvalid
    from shared_components.security.proofs.claims import acting_of, claims_of

    if (principal is None) != (mandate is None):
        raise WrongUse("--for and --mandate come together; both or neither are allowed")
    if department is not None and principal is not None:
        raise WrongUse("an officer's session has no principal; --department or --for is allowed")
    granted = frozenset(scopes or SCOPES)
    acting = Acting(
        subject, new_id("ses"), CITIZEN if department is None else OFFICER, level, granted, frozenset(roles),
        department, None if mandate is None else Mandate(mandate, granted), principal)
    try:
        acting_of(claims_of(acting))
    except TokenInvalid:
        raise WrongUse("an id, scope or role has signs that are not allowed; A-Z a-z 0-9 _ . : - are") from None
    signed = sandbox_token(configuration_of(context), acting, app=app, tenant=tenant, seconds=seconds)
    if signed is None:
        raise WrongUse("sandbox tokens are for development; environment is 'production'")
    if as_json:
        print_json({"token": signed, "expires_in_s": seconds, "session": acting.session})
    else:
        print(signed)
