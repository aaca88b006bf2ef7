from __future__ import annotations

from tests.unit.cli.conftest import zhongtai

__all__ = ["zhongtai"]
