"""How fast ml fits, beside scikit-learn: the same points, k, restarts and cores, in alternating turns.

  kmeans.py PROBE [ROWS…]     PROBE is the release build's medallion_ml_probe; ROWS 100000 1000000 10000000

Prints for each turn the seconds of both and, at the end, the median of the turns' ratios. Ours counts the fit alone,
as the probe measures it, and scikit-learn's the call to fit.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

CORES = len(os.sched_getaffinity(0))
K = 8
RESTARTS = 3


def blobs(rows, seed):
    random = numpy.random.default_rng(seed)
    centres = random.normal(size=(12, 3)) * 2
    return centres[random.integers(0, len(centres), rows)] + random.normal(size=(rows, 3))


def ours(probe, points, operation, **parameters):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        points.tofile(folder / "points")
        request = {"points": str(folder / "points"), "columns": points.shape[1], "operation": operation, **parameters}
        (folder / "request.json").write_text(json.dumps(request))
        answer = subprocess.run([probe, str(folder / "request.json")], check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)


def fit_turn(probe, points, seed):
    answer = ours(probe, points, "fit", k=K, restarts=RESTARTS, seed=seed, threads=CORES)
    start = time.perf_counter()
    model = KMeans(K, n_init=RESTARTS, random_state=seed).fit(points)
    seconds = time.perf_counter() - start
    return answer["seconds"], seconds, answer["fits"][0]["inertia"] / model.inertia_


def search_turn(probe, points, seed):
    ks = range(2, 13)
    parameters = {"k_min": 2, "k_max": 12, "restarts": RESTARTS, "max_iterations": 1000, "seed": seed}
    answer = ours(probe, points, "choose_k", threads=CORES, **parameters)
    start = time.perf_counter()
    models = [KMeans(k, n_init=RESTARTS, max_iter=1000, random_state=seed).fit(points) for k in ks]
    for model in models:
        silhouette_score(points, model.labels_)
    seconds = time.perf_counter() - start
    return answer["seconds"], seconds, sum(answer["inertia"]) / sum(model.inertia_ for model in models)


def compare(name, turn, probe, points, turns):
    ratios = []
    for seed in range(turns):
        mine, theirs, inertia = turn(probe, points, seed)
        ratios.append(theirs / mine)
        seconds = f"{mine:.3f} s, scikit-learn {theirs:.3f} s, {ratios[-1]:.1f} times"
        print(f"{name}: {seconds}; inertia {inertia:.5f} of theirs")
    print(f"{name}: median {statistics.median(ratios):.1f} times as fast on {CORES} cores", flush=True)


def main():
    probe = sys.argv[1]
    sizes = [int(text) for text in sys.argv[2:]] or [100_000, 1_000_000, 10_000_000]
    for rows in sizes:
        turns = 5 if rows <= 1_000_000 else 3
        compare(f"fit of {rows} × 3, k {K}, {RESTARTS} restarts", fit_turn, probe, blobs(rows, 7), turns)
    for rows in (3_000, 20_000):
        compare(f"k of 2 to 12 over {rows} × 3, {RESTARTS} restarts", search_turn, probe, blobs(rows, 7), 3)


if __name__ == "__main__":
    main()
