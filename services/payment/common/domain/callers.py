"""Groups of callers to which payment's methods are open."""
from __future__ import annotations

APPS = ("gateway", "matter", "app", "operator")
# Prices and books are the finance department's: neither an app nor a browser sets or reads them.
FINANCE = ("operator",)
