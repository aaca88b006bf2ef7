"""The laboratory's servers, for inputs that once failed."""
from tests.faults.conftest import lab as lab
