"""Updates as processes: found by their storage, held and let go, so that a test sees them running."""

import contextlib
import os
import pathlib
import signal
import time


def find_update(storage, seconds=30):
    """The process id of the update that fills the storage."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                arguments = (folder / "cmdline").read_bytes().split(b"\0")
                if arguments[1:2] == [b"run"] and str(storage).encode() in arguments:
                    return int(folder.name)
        time.sleep(0.01)
    raise AssertionError(f"no update of {storage} has begun in {seconds} s")


@contextlib.contextmanager
def held(process_id):
    """The process does nothing inside the block and goes on after it."""
    os.kill(process_id, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGCONT)
