"""All I/O of elicence: its tables and its keys."""
from services.elicence.adapters.unit import SqlELicenceUnit

__all__ = ["SqlELicenceUnit"]
