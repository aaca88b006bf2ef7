"""All I/O of identity: its tables, its keys, and the authorities it asks."""
from services.identity.adapters.sandbox import SandboxAuthority
from services.identity.adapters.unit import SqlIdentityUnit

__all__ = ["SandboxAuthority", "SqlIdentityUnit"]
