"""Entrypoints of officers' work: their desk, and the course of a case."""
from services.matter.tasks.entrypoints.desk import TaskEntrypoints
from services.matter.tasks.entrypoints.limits import LimitEntrypoints
from services.matter.tasks.entrypoints.steering import SteeringEntrypoints

__all__ = ["LimitEntrypoints", "SteeringEntrypoints", "TaskEntrypoints"]
