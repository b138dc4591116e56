"""A disk that is full when a test wants it to be."""

import contextlib
import os
import pathlib
import resource
import subprocess


class SmallDisk:
    """A file system of its own in memory."""

    words = "No space left on device"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def fill(self, server, leave=256 * 1024):
        space = os.statvfs(self.folder)
        with (self.folder / "filler").open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, space.f_bavail * space.f_frsize - leave)

    def free(self, server):
        (self.folder / "filler").unlink()


class LimitedFiles:
    """Where nothing may be mounted: updates may not write more than a few bytes into a file."""

    words = "File too large"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def fill(self, server, leave=256 * 1024):
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (leave, resource.RLIM_INFINITY))

    def free(self, server):
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextlib.contextmanager
def small_disk(folder, megabytes):
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], capture_output=True, check=False)
    if mounted.returncode != 0:
        yield LimitedFiles(folder)
        return
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
