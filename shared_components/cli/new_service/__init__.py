"""`zhongtai new-service`: a complete, working service, or another topic of one."""
from __future__ import annotations

from shared_components.cli.new_service.command import command

__all__ = ["command"]
