"""Requests, replies and events of reconciliation."""
from services.payment.reconciliation.schemas.differences import (
    Difference,
    Differences,
    ListDifferences,
    OrderSide,
    RecordSide,
    ResolveDifference,
    StatementSide,
)
from services.payment.reconciliation.schemas.payouts import RecordedPayout, RecordPayout
from services.payment.reconciliation.schemas.reconciliation import ClassSum, Reconcile, Reconciliation
from services.payment.reconciliation.schemas.statements import (
    ImportStatement,
    ListStatements,
    Statement,
    StatementFailure,
    Statements,
)

__all__ = [
    "ClassSum",
    "Difference",
    "Differences",
    "ImportStatement",
    "ListDifferences",
    "ListStatements",
    "OrderSide",
    "Reconcile",
    "Reconciliation",
    "RecordPayout",
    "RecordSide",
    "RecordedPayout",
    "ResolveDifference",
    "Statement",
    "StatementFailure",
    "StatementSide",
    "Statements",
]
