"""One transaction's view of matter."""
from __future__ import annotations

from services.matter.adapters.callbacks import SqlCallbacks
from services.matter.adapters.cases import SqlCases, SqlDueTasks
from services.matter.adapters.definitions import DefinitionCache, SqlDefinitions
from services.matter.adapters.sealing import Seals
from services.matter.domain.ports import CallbackVerifier, EngineSettings
from shared_components.db.scope import Scope


class SqlMatterTransaction:
    """Satisfies MatterTransaction on SQLAlchemy."""

    def __init__(
        self, scope: Scope, engine: EngineSettings, cache: DefinitionCache, verify_callback: CallbackVerifier
    ) -> None:
        self.clock = scope.clock
        self.engine = engine
        self.verify_callback = verify_callback
        self.events = scope.events
        self.object_key = scope.secrets.blind_index
        self.definitions = SqlDefinitions(scope.session, cache)
        self.cases = SqlCases(scope.session, Seals(scope.secrets.fields))
        self.due_tasks = SqlDueTasks(scope.session)
        self.callbacks = SqlCallbacks(scope.session)
