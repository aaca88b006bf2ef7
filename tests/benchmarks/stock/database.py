"""The stock services' database: one engine a process, roomy enough for all of nameko's workers."""
from __future__ import annotations

import functools
import os

from sqlalchemy import Engine, create_engine

URL_VARIABLE = "BENCH_STOCK_DATABASE_URL"


@functools.cache
def engine() -> Engine:
    return create_engine(os.environ[URL_VARIABLE], pool_size=20, max_overflow=80)
