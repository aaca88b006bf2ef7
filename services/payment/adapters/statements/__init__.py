"""Daily statements as channels write them, read line by line."""
from services.payment.adapters.statements.ahead import ReadAhead
from services.payment.adapters.statements.file import StatementFile

__all__ = ["ReadAhead", "StatementFile"]
