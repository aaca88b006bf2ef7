"""A stand-in for the authorities: a deterministic answer about an invented population."""
from services.identity.sandbox.authority import SandboxAuthority
from services.identity.sandbox.population import ORGANISATIONS, PERSONS

__all__ = ["ORGANISATIONS", "PERSONS", "SandboxAuthority"]
