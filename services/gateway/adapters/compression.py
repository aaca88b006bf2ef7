"""Compresses long answers for those who can read that."""
from __future__ import annotations

import sys

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

COMPRESSED_FROM_BYTES = 1024
COMPRESSION_LEVEL = 6


def compressed(app: ASGIApp) -> ASGIApp:
    # Never in a thread of anyio's, which there cannot be beside green services; no answer is that long.
    return GZipMiddleware(
        app, minimum_size=COMPRESSED_FROM_BYTES, compresslevel=COMPRESSION_LEVEL, thread_minimum_size=sys.maxsize)
