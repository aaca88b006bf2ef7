"""Daily statements as channels write them, read line by line."""
from services.payment.reconciliation.adapters.statement_files.ahead import ReadAhead
from services.payment.reconciliation.adapters.statement_files.file import StatementFile

__all__ = ["ReadAhead", "StatementFile"]
