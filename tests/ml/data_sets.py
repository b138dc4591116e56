"""Generated points: blobs, overlaps, ties, duplicates, skew; 1 to 10 features, 10 to 50,000 rows."""

from dataclasses import dataclass

import numpy

SHAPES = ("blobs", "overlapping", "grid", "duplicates", "skewed")


@dataclass
class DataSet:
    name: str
    points: numpy.ndarray
    k: int


def generate(number, rows_max=50_000):
    """The data set of a number, always the same."""
    random = numpy.random.default_rng(number)
    shape = SHAPES[number % len(SHAPES)]
    rows = int(round(10 ** random.uniform(1, numpy.log10(rows_max))))
    columns = int(random.integers(1, 11))
    blobs = int(random.integers(2, 12))
    centres = random.normal(size=(blobs, columns)) * (5 if shape == "blobs" else 1.5)
    points = centres[random.integers(0, blobs, rows)] + random.normal(size=(rows, columns))
    if shape == "grid":
        points = numpy.round(points)
    elif shape == "duplicates":
        points = points[random.integers(0, max(5, rows // 4), rows)]
    elif shape == "skewed":
        points = numpy.exp(points)
    distinct = len(numpy.unique(points, axis=0))
    k = int(random.integers(1, max(2, min(12, distinct // 2) + 1)))
    return DataSet(f"{number} {shape} {rows}×{columns} k={k}", points, k)
