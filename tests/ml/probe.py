"""Calls the probe: ml's computations on numpy arrays."""

import json
import os
import pathlib
import subprocess
import tempfile

import numpy

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def program():
    return os.environ.get("MEDALLION_ML_PROBE", str(ROOT / "build" / "dev" / "medallion_ml_probe"))


def ask(points, operation, **parameters):
    """The probe's answer for points of shape n × d."""
    points = numpy.ascontiguousarray(points, dtype=numpy.float64)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        points.tofile(folder / "points")
        request = {"points": str(folder / "points"), "columns": points.shape[1], "operation": operation, **parameters}
        (folder / "request.json").write_text(json.dumps(request))
        answer = subprocess.run([program(), str(folder / "request.json")], check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)
