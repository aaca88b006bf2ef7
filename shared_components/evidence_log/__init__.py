"""Evidence: records of who did or saw what, sealed once a second into signed Merkle segments, one chain an owner."""
from shared_components.evidence_log.migration import create_evidence_tables
from shared_components.evidence_log.recorder import EvidenceRecorder
from shared_components.evidence_log.tables import include_evidence_tables

__all__ = ["EvidenceRecorder", "create_evidence_tables", "include_evidence_tables"]
