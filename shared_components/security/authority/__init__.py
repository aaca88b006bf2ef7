"""Decide who may do what with which row: one decision for every call.

`permit` is the first wall and gives the basis; `reach` is what the database is told, a second wall and never a reason.
"""
from shared_components.security.authority.copies import NO_COPIES as NO_COPIES
from shared_components.security.authority.copies import Copies as Copies
from shared_components.security.authority.copies import KnownCopies as KnownCopies
from shared_components.security.authority.facts import Facts as Facts
from shared_components.security.authority.permits import Permit as Permit
from shared_components.security.authority.permits import permit as permit
from shared_components.security.authority.reach import Reach as Reach
from shared_components.security.authority.reach import reach as reach
from shared_components.security.authority.sealed import Sealed as Sealed
