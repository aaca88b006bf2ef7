"""Groups of callers to which payment's methods are open."""
from __future__ import annotations

OPERATOR = "operator"
APPS = ("gateway", "app", OPERATOR)
APPS_AND_MATTER = (*APPS, "matter")
"""Methods that steps of a case use, beside apps."""
# Prices and books are the finance department's: neither an app nor a browser sets or reads them.
FINANCE = (OPERATOR,)
PAYER = "payer"
"""The role in which an order names a subject."""
