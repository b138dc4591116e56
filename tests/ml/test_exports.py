"""What the exported files say about customers, by programs that are not ours."""

import json

import duckdb
import numpy
import onnx
import onnxruntime
import pandas
import pypmml
import pytest

import probe

FEATURES = ["Monetary", "Frequency", "Recency"]
DAYS = 300


def customers(seed, rows=1500):
    """Skewed like real ones: money log-normal to the cent, few purchases, days."""
    random = numpy.random.default_rng(seed)
    frequency = random.geometric(0.35, rows)
    monetary = numpy.round(frequency * random.lognormal(5, 1, rows), 2)
    return numpy.column_stack([monetary, frequency, random.integers(0, DAYS, rows)]).astype(float)


@pytest.fixture(scope="module", params=[(1, None, True), (2, 7, True), (3, 5, False), (4, 1, True)], ids=str)
def trained(request, tmp_path_factory):
    """The points, the folder of the exported files and the cluster of each point."""
    seed, k, outliers = request.param
    points = customers(seed)
    folder = tmp_path_factory.mktemp("model")
    parameters = {"k": k} if k else {}
    answer = probe.ask(
        points, "train", folder=str(folder), features=FEATURES, outliers=outliers, seed=seed, **parameters
    )
    assert answer["clusters"] == answer["predicted"]
    clusters = numpy.array(answer["clusters"])
    assert not outliers or {-1, -2, -3} <= set(clusters.tolist())
    return points, folder, clusters


def test_model_json_says_what_was_trained(trained):
    points, folder, clusters = trained
    model = json.loads((folder / "model.json").read_text())
    ids, sizes = numpy.unique(clusters[clusters >= 0], return_counts=True)
    assert {c["id"]: c["size"] for c in model["clusters"]} == dict(zip(ids.tolist(), sizes.tolist()))
    for cluster in model["clusters"]:
        members = points[clusters == cluster["id"]]
        # Lloyd's tolerance lets a centroid be a little off the mean.
        assert numpy.allclose(cluster["centroid"], members.mean(axis=0), rtol=0.05)


def test_onnx_gives_the_same_clusters(trained):
    points, folder, clusters = trained
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"))
    (scored,) = session.run(None, {"features": points})
    assert scored.dtype == numpy.int64
    assert (scored == clusters).all()
    (one,) = session.run(None, {"features": points[:1]})
    assert one.tolist() == clusters[:1].tolist()
    (none,) = session.run(None, {"features": points[:0]})
    assert none.tolist() == []


def test_onnx_is_valid(trained):
    _, folder, _ = trained
    onnx.checker.check_model(str(folder / "model.onnx"), full_check=True)


def test_pmml_gives_the_same_clusters(trained):
    points, folder, clusters = trained
    model = pypmml.Model.load(str(folder / "model.pmml"))
    # Its frames are exchanged as text; a part is enough.
    scored = model.predict(pandas.DataFrame(points[:300], columns=FEATURES))
    assert scored["cluster"].astype(int).tolist() == clusters[:300].tolist()


def test_sql_gives_the_same_clusters_in_duckdb(trained):
    points, folder, clusters = trained
    frame = pandas.DataFrame(points, columns=FEATURES).reset_index(names="id")
    connection = duckdb.connect()
    connection.register("frame", frame)
    connection.execute(
        "CREATE TABLE customers AS SELECT id, CAST(Monetary AS DECIMAL(31,2)) AS Monetary, CAST(Frequency AS INT) AS "
        "Frequency, CAST(Recency AS INT) AS Recency FROM frame"
    )
    connection.execute("INSERT INTO customers VALUES (-1, 10, NULL, 5)")
    rows = connection.execute(f"SELECT id, cluster FROM ({(folder / 'model.sql').read_text()}) ORDER BY id").fetchall()
    assert rows[0] == (-1, None)
    assert [cluster for _, cluster in rows[1:]] == clusters.tolist()
