"""Sign-ins by password a second of one core, with the hash of production: from the identifier to the recorded proof.

The database is SQLite in this process, so that its work counts, too.
"""
from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from services.identity.credentials.adapters.argon2 import Argon2Hasher
from shared_components.bus import RealThreads
from tests.unit.identity.credentials.world import World

PERSONS, SIGN_INS, TURNS = 4, 25, 4


def measure() -> dict[str, Any]:
    """rate: sign-ins in a second of computing, in the best turn."""
    with TemporaryDirectory() as folder:
        world = World(Path(folder))
        world.hasher = Argon2Hasher(RealThreads(1, waiting=0))
        numbers = [world.numbers[world.person()] for _ in range(PERSONS)]
        best = min(_took_s(world, numbers) for _ in range(TURNS))
        world.transactions.database.dispose()
    return {"rate": SIGN_INS / best}


def _took_s(world: World, numbers: list[str]) -> float:
    began = process_time()
    for number in range(SIGN_INS):
        world.sign_in(numbers[number % PERSONS], device=f"device-{number % PERSONS}")
    return process_time() - began
