"""`python -m … FOLDER`: the services and the scenarios in one process on `inproc://`; prints {scenario: outcome}."""
from __future__ import annotations

from shared_components.bus.green.patching import patch

patch()

import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
import traceback  # noqa: E402
from pathlib import Path  # noqa: E402

FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()
os.environ["BUS_TEST_EFFECTS"] = str(FOLDER / "effects")

from shared_components.bus import BusClient  # noqa: E402
from tests.integration.bus.echo.main import start  # noqa: E402
from tests.integration.bus.scenarios import SCENARIOS  # noqa: E402
from tests.integration.bus.world import ALL, World, prepare  # noqa: E402
from tests.integration.bus_harness import Effects, RawBroker  # noqa: E402

BROKER_URL = "inproc://bus-scenarios"


def main() -> int:
    database_url = f"sqlite:///{FOLDER}/zhongtai.db"
    effects = Effects(FOLDER / "effects")
    host, _ = start(str(prepare(FOLDER, BROKER_URL, database_url)), list(ALL))
    outcomes = {}
    with RawBroker(BROKER_URL) as broker, BusClient(BROKER_URL) as client:
        world = World(broker, client, effects, database_url, (FOLDER / "log").read_text)
        for name, run in SCENARIOS.items():
            outcomes[name] = _outcome(run, world)
    outcomes["stop"] = "ok" if host.stop(10) else "something had to be cut off"
    (FOLDER / "outcomes.json").write_text(json.dumps(outcomes))
    return 0


def _outcome(run: object, world: World) -> str:
    try:
        run(world)  # type: ignore[operator]
    except Exception:
        return traceback.format_exc()
    return "ok"


if __name__ == "__main__":
    # nothing may keep the process: threads of clients are daemons, and a container that hangs is an outcome already
    code = main()
    sys.stdout.flush()
    os._exit(code)
