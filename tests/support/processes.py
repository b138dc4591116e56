"""Updates as processes: found by their storage, held and let go, so that a test sees them running."""

import contextlib
import os
import pathlib
import signal

from waiting import until


def find_update(storage):
    """The process id of the update that fills the storage, once it has begun."""
    return until(lambda: _update_of(str(storage).encode()))


def _update_of(storage):
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            arguments = (folder / "cmdline").read_bytes().split(b"\0")
            if arguments[1:2] == [b"run"] and storage in arguments:
                return int(folder.name)
    return None


@contextlib.contextmanager
def held(process_id):
    """The process does nothing inside the block and goes on after it."""
    os.kill(process_id, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGCONT)
