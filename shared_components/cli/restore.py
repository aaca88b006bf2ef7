"""`zhongtai restore`, beside `zhongtai backup`."""
from __future__ import annotations

from shared_components.cli.backup import restore_command as command

__all__ = ["command"]
