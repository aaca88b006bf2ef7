"""Daily statements as channels write them, read line by line."""
from services.payment.adapters.statements.file import StatementFile

__all__ = ["StatementFile"]
