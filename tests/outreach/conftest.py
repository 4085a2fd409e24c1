"""Files are read in this process here too, but where a test asks for the child."""

from tests.contacts.imports.conftest import read_here, real_child

__all__ = ["read_here", "real_child"]
