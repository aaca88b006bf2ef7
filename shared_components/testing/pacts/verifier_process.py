"""Run Pact's verifier over one file, in a process of its own: its native library writes to standard output.

Standard input: a JSON object with provider, url, states (address), key, file, events ({type: data}). The last line of
standard output is the verifier's result as JSON.
"""
from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import Any

from shared_components.contracts.consumers.pact_files import MESSAGE, event_of


def main() -> None:
    """Verify what standard input says."""
    from pact import Verifier

    given = json.load(sys.stdin)
    with open(given["file"], encoding="utf-8") as file:
        interactions = json.load(file)["interactions"]
    types = {one["description"]: event_of(one) for one in interactions if one["type"] == MESSAGE}

    def message(name: str, metadata: dict[str, Any] | None) -> Any:
        kind = types[name]
        return {"contents": json.dumps(given["events"][kind]).encode(), "content_type": "application/json",
                "metadata": {"type": kind} if metadata and "type" in metadata else None}

    verifier = Verifier(given["provider"], "127.0.0.1").add_transport(url=given["url"]).add_source(given["file"])
    verifier = verifier.state_handler(given["states"], body=True).set_coloured_output(enabled=False)
    verifier = verifier.add_custom_header("Authorization", f"Bearer {given['key']}").message_handler(message)
    with suppress(RuntimeError):  # The result says what failed.
        verifier.verify()
    sys.stdout.write("\n" + json.dumps(verifier.results) + "\n")


if __name__ == "__main__":
    main()
