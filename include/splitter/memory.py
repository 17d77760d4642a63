"""
Return freed memory to the system between the stages of a huge page.

glibc keeps what numpy frees below the largest array in use, so a page of millions of lines would
hold the peak of each stage at once.
"""

import ctypes

MANY_LINES = 500_000  # 10 MiB of short lines; below, the system's calls cost more than they return


def return_memory(lines: int) -> None:
    """Return what is free if a batch has many lines; does nothing where glibc is not in use."""
    if lines < MANY_LINES:
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
