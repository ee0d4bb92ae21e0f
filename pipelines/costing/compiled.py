"""How the kernel's functions are compiled: one decorator, so that all of them agree.
What they do lives elsewhere; the signatures that are compiled at import and cached on disk stand in
`kernel`."""

from typing import Any, Final

from numba import njit

# The functions own no memory: they change records that the caller allocated. Without reference counting
# (`_nrt`) a row
# costs a twentieth; numba refuses to compile anything here that would allocate.
compiled: Final[Any] = njit(_nrt=False, error_model="numpy")


def compiled_at_import(*signature: Any) -> Any:
    """The same for an entry point: compiled when its module is imported, or read from numba's cache."""
    return njit(*signature, cache=True, _nrt=False, error_model="numpy")
