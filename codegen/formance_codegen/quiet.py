"""Keeps the garbage collector from walking again and again what a run builds up and keeps."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def quiet_collector() -> Generator[None]:
    """Hold the collector off: documents, models and names are large and make no cycles worth it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
