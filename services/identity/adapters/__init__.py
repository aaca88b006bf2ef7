"""All I/O of identity: its tables, its keys, and the authorities it asks."""
from services.identity.adapters.sandbox import SandboxAuthority

__all__ = ["SandboxAuthority"]
