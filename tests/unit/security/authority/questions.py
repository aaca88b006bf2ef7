"""Questions to the decision: any of them, for property tests; and one good question a way, for S21."""
from __future__ import annotations

from hypothesis import strategies as st

from shared_components.kernel.acting import Acting, Mandate
from shared_components.kernel.calls import CallContext
from shared_components.kernel.method_rules import MethodRule
from shared_components.security.authority import Facts, KnownCopies
from tests.unit.security.authority.model import Question

DEPARTMENTS = ("police", "tax")
CALLERS = {"app-police": "police", "app-tax": "tax", "app-portal": "police", "matter": None, "operator": None,
           "outside-hospital": None}
SUBJECTS = ("sub_1", "sub_2", "sub_3")
ROLES = ("holder", "payer", "guardian")
SCOPES = ("licence", "licence:driving", "order")


def _some(*values: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=len(values))


mandates = st.builds(
    Mandate, st.sampled_from(("man_1", "man_2")), _some(*SCOPES), _some("renewal"),
    st.sampled_from((None, 0, 100)))
citizens = st.builds(
    Acting, st.sampled_from(SUBJECTS), st.sampled_from(("ses_1", "ses_2")), st.just("citizen"), st.integers(0, 3),
    _some(*SCOPES), _some("handler"), st.none(), st.none() | mandates, st.none() | st.sampled_from(SUBJECTS),
    st.none() | st.just("grt_1"))
officers = st.builds(
    Acting, st.sampled_from(SUBJECTS), st.sampled_from(("ses_1", "ses_2")), st.just("officer"), st.integers(0, 3),
    _some(*SCOPES), _some("handler", "approver"), st.sampled_from((None, *DEPARTMENTS)))
contexts = st.builds(
    lambda caller, tenant, acting, purpose: CallContext(
        caller, CALLERS[caller] or tenant, department=CALLERS[caller], acting=acting, purpose=purpose),
    st.sampled_from(sorted(CALLERS)), st.sampled_from(DEPARTMENTS), st.none() | citizens | officers,
    st.sampled_from((None, "case_1")))
rules = st.builds(
    lambda basis, about, roles, level, as_subject: MethodRule(
        basis | ({"holder"} if as_subject else frozenset()), "licence", about, roles, level, as_subject),
    _some("own", "holder", "grant", "agreement", "public", "platform", "outside"), _some(*ROLES),
    _some("handler", "approver"), st.integers(0, 3), st.booleans())
facts = st.builds(
    Facts, st.sampled_from(DEPARTMENTS), st.dictionaries(st.sampled_from(ROLES), st.sampled_from(SUBJECTS), max_size=3),
    st.sampled_from((None, "app-police", "app-tax", "gateway", "matter")),
    st.sampled_from(("", "licence:driving", "licence:food")), st.just(frozenset({"state"})),
    st.sampled_from((None, "renewal")), st.sampled_from((None, 50, 150)), st.sampled_from((None, "hospital")))
copies = st.builds(
    KnownCopies, _some("app-portal"), _some("app-portal", "app-tax"),
    st.frozensets(st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(sorted(CALLERS)), st.just("licence")),
                  max_size=4),
    _some("ses_1", "grt_1"), _some("man_1"), _some("app-portal"), st.just({}),
    st.frozensets(st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(DEPARTMENTS)), max_size=1),
    st.frozensets(st.tuples(st.sampled_from(DEPARTMENTS), st.sampled_from(DEPARTMENTS), st.just("licence")),
                  max_size=2),
    st.frozensets(st.tuples(st.sampled_from(DEPARTMENTS), st.just("case_1")), max_size=1))
questions = st.builds(Question, contexts, rules, facts, copies)

CITIZEN = Acting("sub_1", "ses_1", level=2, scopes=frozenset({"licence"}))
AGENT = CITIZEN._replace(
    principal="sub_2", mandate=Mandate("man_1", frozenset({"licence"}), frozenset({"renewal"}), 100))
OFFICER = Acting("sub_9", "ses_9", "officer", 2, roles=frozenset({"handler"}), department="police")
POLICE = CallContext("app-police", "police", department="police")
TAX = CallContext("app-tax", "tax", department="tax")
OTHER = CallContext("app-other", "health", department="health")
PORTAL = CallContext("app-portal", "realm", department="realm")
ROW = Facts("police", {"holder": "sub_1"}, "app-police", "licence:driving", frozenset({"state"}))
OF_PRINCIPAL = ROW._replace(subjects={"holder": "sub_2"}, matter="renewal", amount_minor=50)
COPIES = KnownCopies(portals=frozenset({"app-portal"}), live_mandates=frozenset({"man_1"}),
                     consented=frozenset({("sub_1", "app-tax", "licence")}))


def rule(*basis: str, level: int = 1, as_subject: bool = False) -> MethodRule:
    return MethodRule(frozenset(basis), "licence", frozenset({"holder"}), frozenset({"handler"}), level, as_subject)


GOOD: dict[str, Question] = {
    "own, app alone": Question(POLICE, rule("own"), ROW, COPIES),
    "own, with a citizen": Question(POLICE._replace(acting=CITIZEN), rule("own"), ROW, COPIES),
    "own, with an officer": Question(POLICE._replace(acting=OFFICER), rule("own"), ROW, COPIES),
    "own, made elsewhere": Question(TAX, rule("own"), ROW._replace(made_by="app-tax"), COPIES),
    "holder": Question(TAX._replace(acting=CITIZEN), rule("holder"), ROW, COPIES),
    "holder, by a portal": Question(PORTAL._replace(acting=CITIZEN), rule("holder", as_subject=True), ROW, COPIES),
    "holder, by a mandate": Question(PORTAL._replace(acting=AGENT), rule("holder"), OF_PRINCIPAL, COPIES),
    "platform": Question(CallContext("matter", "police"), rule("platform"), ROW, COPIES),
    "outside": Question(CallContext("outside-hospital", "police"), rule("outside"),
                        ROW._replace(registered_for="hospital"), COPIES),
    "public": Question(OTHER._replace(acting=CITIZEN), rule("public"), ROW, COPIES),
}
"""One question a way that is answered with a permit on that way."""
