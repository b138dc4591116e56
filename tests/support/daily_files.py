"""Daily sales files on disk."""

import os
import pathlib
import shutil

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# 2026-03-01T00:00:00Z: after the files' dates and before the clock that the tests fix.
AGED = 1772323200


def real_folder():
    """The real files, if they lie beside the repository."""
    folder = ROOT.parent / "shared" / "data" / "daily_sales"
    return folder if folder.is_dir() else None


def age(folder):
    """Sets the modification time of every file into the past, so that none counts as still growing."""
    for path in pathlib.Path(folder).rglob("*"):
        if path.is_file():
            os.utime(path, (AGED, AGED))


def land(paths, folder):
    """Copies files into the landing folder as an upload that finished long ago."""
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    for path in paths:
        staged = pathlib.Path(folder) / ("." + path.name + ".tmp")
        shutil.copyfile(path, staged)
        os.utime(staged, (AGED, AGED))
        staged.rename(pathlib.Path(folder) / path.name)
