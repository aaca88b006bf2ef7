"""The SQL transaction that the use cases of matter work in."""
from __future__ import annotations

from services.matter.cases.adapters.cases import SqlCases, SqlDueTasks
from services.matter.cases.adapters.clocks import SqlClocks
from services.matter.cases.adapters.field_encryption import FieldEncryption
from services.matter.cases.adapters.step_runner import BegunWithCommit, NoRunner, StepRunner
from services.matter.cases.domain.engine_settings import EngineSettings
from services.matter.definitions.adapters.definitions import DefinitionCache, SqlDefinitions
from services.matter.documents.adapters.documents import SqlDocuments
from services.matter.kinds.callback.signed import CallbackVerifier
from services.matter.materials.adapters.materials import SqlMaterials, SqlTickets
from services.matter.ratings.adapters.ratings import SqlRatings
from services.matter.steps.adapters.callbacks import SqlCallbacks
from services.matter.tasks.adapters.waiting_tasks import SqlWaitingTasks
from shared_components.db.scope import CommittedScope
from shared_components.evidence_log import EvidenceRecorder

SERVICE = "matter"


class SqlMatterTransaction:
    """Satisfies the Protocol of every use case."""

    def __init__(
        self, scope: CommittedScope, engine: EngineSettings, cache: DefinitionCache, verify_callback: CallbackVerifier,
        runner: StepRunner | NoRunner,
    ) -> None:
        self.clock = scope.clock
        self.engine = engine
        self.verify_callback = verify_callback
        self.at_once = BegunWithCommit(scope.after_commit, runner)
        self.events = scope.events
        self.object_key = scope.secrets.blind_index
        self.definitions = SqlDefinitions(scope.session, cache)
        self.cases = SqlCases(scope.session, FieldEncryption(scope.secrets.fields))
        self.due_tasks = SqlDueTasks(scope.session)
        self.clocks = SqlClocks(scope.session)
        self.waiting_tasks = SqlWaitingTasks(scope.session, FieldEncryption(scope.secrets.fields))
        self.callbacks = SqlCallbacks(scope.session)
        self.materials = SqlMaterials(scope.session, FieldEncryption(scope.secrets.fields))
        self.material_tickets = SqlTickets(scope.session)
        self.documents = SqlDocuments(scope.session, FieldEncryption(scope.secrets.fields))
        self.ratings = SqlRatings(scope.session, FieldEncryption(scope.secrets.fields))
        self.record_evidence = EvidenceRecorder(scope, SERVICE).record_evidence
