"""Let a provider's word about an organisation make the person its legal representative here."""
from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from services.identity.mandates.usecases.representation import RepresentTx, confirm_representation
from services.identity.subjects.domain.errors import NameInvalid, SubjectNotActive
from services.identity.subjects.domain.subject import Subject
from services.identity.upstream.domain.provider import ProviderPolicy, UpstreamPerson
from services.identity.upstream.usecases.accounts import AccountsTx, is_same_person
from shared_components.kernel.names import clean_name
from shared_components.kernel.numbers import NumberError

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

ORGANISATION_REFUSED = "upstream-organisation-refused"


class OrganisationsTx(AccountsTx, RepresentTx, Protocol):
    """The transaction of counting a provider's word about an organisation."""


def represent(
    tx: OrganisationsTx, policy: ProviderPolicy, person: UpstreamPerson, subject: Subject, context: CallContext,
) -> None:
    """Give the person the organisation's mandate, as the register's confirmation does.

    Only for a role that counts, and for the very document and name that the account has. An organisation that is not
    taken here does not keep the person out: the sign-in goes on, and the evidence log has it.
    """
    named = person.organisation
    if named is None or named.role not in policy.representative_roles or not is_same_person(
            tx, policy, person, subject):
        return
    try:
        code = tx.policy.documents.organisation_number(named.credit_code)
        counted = confirm_representation(
            tx, code, clean_name(named.name, error=NameInvalid), subject, context, receipt=person.receipt)
    except (NumberError, NameInvalid, SubjectNotActive):
        counted = False
    if not counted:
        tx.record_evidence(
            context, owner=tx.populations.of([context.tenant])[context.tenant], action=ORGANISATION_REFUSED,
            about=subject.subject_id, basis="holder", details={"provider": policy.name})
