"""What is asked for; without side effects, so that others may import it."""
from __future__ import annotations

import time
from typing import Any

FEE_ITEM = "103042801"
RUN = f"{time.time_ns():x}"


def order(n: int) -> dict[str, Any]:
    return {"payer_name": "林静", "lines": [{"item_code": FEE_ITEM, "quantity": 1}], "reference": f"bench-{RUN}-{n}"}
