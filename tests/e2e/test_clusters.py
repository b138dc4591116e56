"""kmeans in an update: the real customers against the reference figures, days that follow each other, odd inputs."""

import json
import shutil

import deltalake
import pandas
import pyarrow.parquet
import pytest

import daily_files
import spark
from retail_dates import AS_OF_DATE, FIXED_CLOCK
from small_project import SmallProject

pytestmark = pytest.mark.slow

VIEW = "customer_segments_clustered"
MODELS = f"models/retail_analytics/ml/{VIEW}"


def model(storage, version):
    return json.loads((storage / MODELS / str(version) / "model.json").read_text())


@pytest.fixture(scope="module")
def thorough(medallion, sales_folder, tmp_path_factory):
    """A storage whose clusters were searched with 100 restarts."""
    folder = tmp_path_factory.mktemp("thorough")
    spec = folder / "retail"
    shutil.copytree(medallion.retail_spec, spec)
    clusters = spec / "transformations" / "07_clusters.sql"
    text = clusters.read_text()
    assert "restarts => 10," in text
    clusters.write_text(text.replace("restarts => 10,", "restarts => 100,"))
    storage = folder / "storage"
    medallion.check(
        *["run", "--spec", spec, "--storage", storage, "--set", f"source={sales_folder}"],
        *["--set", f"as_of_date={AS_OF_DATE}", "--fixed-clock", FIXED_CLOCK],
    )
    return storage


def test_the_search_finds_what_the_reference_found(thorough, reference_figures):
    found = model(thorough, 1)
    reference = reference_figures["kmeans"]
    assert [line["k"] for line in found["k_search"]["table"]] == list(range(2, 13))
    for line in found["k_search"]["table"]:
        k = str(line["k"])
        assert line["inertia"] <= reference["inertia"][k] * 1.0005, k
        assert abs(line["silhouette"] - reference["silhouette"][k]) <= 0.003, k
    chosen = str(len(found["clusters"]))
    assert reference["combined"][chosen] >= max(reference["combined"].values()) - 0.002
    sizes = sorted(cluster["size"] for cluster in found["clusters"])
    assert sizes == pytest.approx(reference["sizes"][chosen], rel=0.01)


def test_outliers_and_fences_are_the_references(thorough, medallion, reference_figures):
    rows = medallion.sql(thorough, f"SELECT Cluster, count(*) AS n FROM {VIEW} WHERE Cluster < 0 GROUP BY Cluster")
    assert {str(row["Cluster"]): row["n"] for row in rows} == reference_figures["outliers"]
    outliers = model(thorough, 1)["outliers"]
    for feature, name in (("Monetary", "first"), ("Frequency", "second")):
        fences = outliers[f"{name}_fences"]
        assert [fences["low"], fences["high"]] == pytest.approx(reference_figures["fences"][feature], rel=1e-12)


def test_every_customer_is_there_once_with_its_figures(thorough, medallion):
    [difference] = medallion.sql(
        thorough,
        f"""SELECT (SELECT count(*) FROM {VIEW}) AS rows,
              (SELECT count(*) FROM {VIEW} AS c JOIN customer_rfm_gold AS g ON c.CustomerID = g.CustomerID
               AND c.Recency = g.Recency AND c.Frequency = g.Frequency AND c.Monetary = g.Monetary) AS same,
              (SELECT count(*) FROM customer_rfm_gold) AS customers""",
    )
    assert difference["rows"] == difference["same"] == difference["customers"]


def test_the_same_rows_give_the_same_model_for_any_number_of_threads(medallion, sales_folder, tmp_path):
    models = []
    for threads in (1, 2, 4):
        storage = tmp_path / str(threads)
        medallion.run_retail(
            storage, sales_folder, "--fixed-clock", FIXED_CLOCK, "--threads", threads, as_of_date=AS_OF_DATE
        )
        models.append((storage / MODELS / "1" / "model.json").read_bytes())
    assert models[0] == models[1] == models[2]


@pytest.mark.acceptance
def test_twenty_runs_of_one_to_eight_threads_give_one_model(medallion, sales_folder, tmp_path):
    results = set()
    for run in range(20):
        storage = tmp_path / str(run)
        threads = (1, 2, 4, 8)[run % 4]
        medallion.run_retail(
            storage, sales_folder, "--fixed-clock", FIXED_CLOCK, "--threads", threads, as_of_date=AS_OF_DATE
        )
        rows = medallion.sql(storage, f"SELECT * FROM {VIEW} ORDER BY CustomerID")
        results.add(((storage / MODELS / "1" / "model.json").read_bytes(), json.dumps(rows)))
        shutil.rmtree(storage)
    assert len(results) == 1


SPARK_SCORER = """
import csv, sys
from pyspark.sql import SparkSession
customers, scorer, output = sys.argv[1:]
spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
spark.read.parquet(customers).createOrReplaceTempView("customers_to_score")
rows = spark.sql(open(scorer).read()).collect()
csv.writer(open(output, "w")).writerows([["CustomerID", "cluster"], *rows])
"""


@pytest.mark.acceptance
def test_spark_gives_every_customer_its_cluster(medallion, retail, tmp_path):
    """The SQL scorer, on the customers as Medallion keeps them."""
    tables = retail / "tables" / "retail_analytics"
    customers = deltalake.DeltaTable(tables / "dlt" / "customer_rfm_gold").to_pyarrow_table()
    pyarrow.parquet.write_table(customers, tmp_path / "customers.parquet")
    text = (retail / MODELS / "1" / "scorer.sql").read_text()
    name = "retail_analytics.dlt.customer_rfm_gold"
    assert name in text
    (tmp_path / "scorer.sql").write_text(text.replace(name, "customers_to_score"))
    spark.run(SPARK_SCORER, tmp_path / "customers.parquet", tmp_path / "scorer.sql", tmp_path / "scored.csv")
    scored = pandas.read_csv(tmp_path / "scored.csv", dtype={"CustomerID": str}).set_index("CustomerID")["cluster"]
    kept = frame(medallion, retail, f"SELECT CustomerID, Cluster FROM {VIEW}").set_index("CustomerID")["Cluster"]
    assert len(scored) == len(kept)
    assert (scored.sort_index() == kept.sort_index()).all()


def test_clusters_keep_their_ids_from_day_to_day(medallion, sales_folder, tmp_path):
    files = sorted(sales_folder.glob("*.csv"))
    landing = tmp_path / "landing"
    storage = tmp_path / "storage"
    daily_files.land(files[:-3], landing)
    before = None
    for day in range(4):
        if day:
            daily_files.land(files[len(files) - 4 + day :][:1], landing)
        clock = f"2026-05-{day + 1:02}T09:00:00Z"
        medallion.run_retail(storage, landing, "--fixed-clock", clock, as_of_date=f"2026-05-{day + 1:02}")
        rows = medallion.sql(storage, f"SELECT CustomerID, Cluster, Frequency, Monetary, ModelVersion FROM {VIEW}")
        now = {row["CustomerID"]: row for row in rows}
        assert {row["ModelVersion"] for row in rows} == {day + 1}
        today = model(storage, day + 1)
        assert today["previous_version"] == (day or None)
        if before:
            same = [key for key, row in now.items() if key in before and row["Monetary"] == before[key]["Monetary"]]
            kept = sum(now[key]["Cluster"] == before[key]["Cluster"] for key in same)
            assert kept >= 0.97 * len(same)
        before = now


def test_nothing_new_makes_no_new_model(medallion, retail, sales_folder, tmp_path):
    storage = tmp_path / "storage"
    shutil.copytree(retail, storage)
    medallion.run_retail(storage, sales_folder, "--fixed-clock", FIXED_CLOCK, as_of_date=AS_OF_DATE)
    assert [path.name for path in (storage / MODELS).iterdir()] == ["1"]


def frame(medallion, storage, query):
    return pandas.DataFrame(medallion.sql(storage, query))


@pytest.fixture(scope="module")
def customers(medallion, retail):
    table = frame(medallion, retail, "SELECT * FROM customer_segments")
    table["Monetary"] = table["Monetary"].astype(float)
    return table.set_index("CustomerID")


def fifth(values, ascending=True):
    """The score by rank, 5 for the best; equal values have equal scores."""
    share = (values.rank(method="min", ascending=ascending) - 1) / (len(values) - 1)
    return (1 + (share * 5).astype(int)).clip(upper=5)


def test_scores_are_fifths_of_the_ranking(customers):
    assert (customers["R_Score"] == fifth(customers["Recency"], ascending=False)).all()
    assert (customers["F_Score"] == fifth(customers["Frequency"])).all()
    assert (customers["M_Score"] == fifth(customers["Monetary"])).all()


def test_score_names_come_from_the_table_that_users_edit(customers, medallion):
    names = pandas.read_csv(f"{medallion.retail_spec}/advice/rfm_segments.csv")
    expected = {(row.R_Score, row.FM_Score): row.RFM_Segment for row in names.itertuples()}
    assert len(expected) == 25
    mean = (customers["F_Score"] + customers["M_Score"] + 1) // 2
    assert [expected[key] for key in zip(customers["R_Score"], mean)] == customers["RFM_Segment"].tolist()


def test_clusters_are_described_by_their_medians(customers, medallion, retail):
    advice = pandas.read_csv(f"{medallion.retail_spec}/advice/cluster_advice.csv")
    assert len(advice) == 24
    overall = customers[["Monetary", "Frequency", "Recency"]].median()
    rows = frame(medallion, retail, "SELECT * FROM cluster_description_and_recommendation").set_index("Cluster")
    medians = customers.groupby("Cluster")[["Monetary", "Frequency", "Recency"]].median()
    assert set(rows.index) == set(medians.index)
    for cluster, median in medians.iterrows():
        spend = median["Monetary"] / overall["Monetary"]
        orders = median["Frequency"] / overall["Frequency"]
        tier = "platinum" if spend > 4 else "gold" if spend > 2 else "silver" if spend > 1 else "bronze"
        band = "high" if orders > 2 else "middle" if orders > 1 else "low"
        recent = median["Recency"] < overall["Recency"]
        [line] = advice[
            (advice["Tier"] == tier) & (advice["FrequencyBand"] == band) & (advice["IsRecent"] == recent)
        ].to_dict("records")
        assert rows.loc[cluster, "Cluster_Description"] == f"{tier.capitalize()} {line['Group']}"
        assert rows.loc[cluster, "Cluster_Recommendation"] == line["Recommendation"]


def test_the_cluster_summary_is_what_pandas_computes(customers, medallion, retail):
    rows = frame(medallion, retail, "SELECT * FROM cluster_summary").set_index("Cluster").astype(float).sort_index()
    groups = customers.groupby("Cluster")
    for name in ("Monetary", "Frequency", "Recency"):
        assert (abs(rows[f"Avg_{name}"] - groups[name].mean()) <= 0.005001).all()
        assert (abs(rows[f"Med_{name}"] - groups[name].median()) <= 0.005001).all()
    assert (rows["Count"] == groups.size()).all()
    assert (abs(rows["Pct_of_Customers"] - 100 * groups.size() / len(customers)) <= 0.005001).all()
    assert (abs(rows["Pct_of_Revenue"] - 100 * groups["Monetary"].sum() / customers["Monetary"].sum()) <= 0.005001).all()


# --- Small projects ----------------------------------------------------------------------------------

@pytest.fixture
def cluster(medallion, tmp_path):
    """Runs kmeans over rows of (id, x, y) given as SQL; the run, and the clusters by id."""
    project = SmallProject(medallion, tmp_path)

    def run(rows, call="k => 2, outliers => 'none'", *options):
        project.write(
            f"CREATE MATERIALIZED VIEW points AS SELECT * FROM {rows};\n"
            f"CREATE MATERIALIZED VIEW clustered AS SELECT * FROM kmeans(TABLE(points), key => 'id', "
            f"features => array('x', 'y'), {call});\n"
        )
        done = project.run(*options)
        return done, None if done.code else dict(project.rows("SELECT id, Cluster FROM clustered ORDER BY id"))

    return run


def values(*rows):
    return f"VALUES {', '.join(rows)} AS t(id, x, y)"


FOUR = values("(1, 0, 0)", "(2, 0, 1)", "(3, 9, 9)", "(4, 9, 8)")


def test_two_groups_are_found(cluster):
    _, found = cluster(FOUR)
    assert found[1] == found[2] != found[3] == found[4]


def test_one_customer_is_one_cluster(cluster):
    assert cluster(values("(1, 5, 5)"), "k => 'auto'")[1] == {1: 0}


def test_equal_customers_are_one_cluster(cluster):
    assert set(cluster(values("(1, 5, 5)", "(2, 5, 5)", "(3, 5, 5)"))[1].values()) == {0}


def test_fewer_places_than_clusters_give_a_cluster_per_place(cluster):
    _, found = cluster(values("(1, 5, 5)", "(2, 5, 5)", "(3, 6, 6)"), "k => 3, outliers => 'none'")
    assert found[1] == found[2] != found[3]


def test_no_rows_are_no_error(cluster):
    assert cluster("VALUES (1, 1, 1) AS t(id, x, y) WHERE id > 1")[1] == {}


@pytest.mark.parametrize(
    "rows, message",
    [
        (values("(1, 0, 0)", "(NULL, 0, 1)"), "a row has no key"),
        (values("(1, 0, 0)", "(1, 0, 1)"), "the key stands twice, also in the row of key 1"),
        (values("(1, 0, 0)", "(2, NULL, 1)"), "feature `x` is NULL in the row of key 2"),
        (values("(1, 0D, 0)", "(2, double('NaN'), 1)"), "feature `x` is NaN in the row of key 2"),
        (values("(1, 0D, 0)", "(2, double('Infinity'), 1)"), "feature `x` is Infinity in the row of key 2"),
    ],
)
def test_rows_that_cannot_be_placed_stop_the_flow_by_name(cluster, rows, message):
    done, _ = cluster(rows)
    assert done.code == 1
    assert message in done.err


def test_a_pinned_model_assigns_without_a_new_fit(cluster, tmp_path):
    pinned = "k => 2, outliers => 'none', refit => 'pinned'"
    _, before = cluster(FOUR, pinned)
    grown = values("(1, 0, 0)", "(2, 0, 1)", "(3, 9, 9)", "(4, 9, 8)", "(5, 8, 8)")
    _, after = cluster(grown, pinned)
    assert {key: after[key] for key in before} == before
    assert after[5] == after[4]
    models = tmp_path / "storage" / "models" / "c" / "d" / "clustered"
    assert [path.name for path in models.iterdir()] == ["1"]
    cluster(grown, pinned, "--full-refresh-all")
    assert sorted(path.name for path in models.iterdir()) == ["1", "2"]


def test_drift_alone_brings_a_new_fit(cluster, tmp_path):
    drift = "k => 2, outliers => 'none', refit => 'drift'"
    cluster(FOUR, drift)
    models = tmp_path / "storage" / "models" / "c" / "d" / "clustered"
    cluster(values("(1, 0, 0)", "(2, 0, 1)", "(3, 9, 9)", "(4, 9, 7)"), drift)
    assert [path.name for path in models.iterdir()] == ["1"]
    moved = values(*(f"({i}, 9, {i})" for i in range(3, 20)), "(1, 0, 0)")
    cluster(moved, drift)
    assert sorted(path.name for path in models.iterdir()) == ["1", "2"]


def test_kmeans_outside_an_update_is_refused_by_name(medallion, retail):
    done = medallion.run(
        *["sql", "--storage", retail, "SELECT * FROM kmeans(TABLE(customer_rfm_gold), key => 'CustomerID', "],
    )
    assert done.code == 2
    done = medallion.run(
        "sql",
        "--storage",
        retail,
        "SELECT * FROM kmeans(TABLE(customer_rfm_gold), key => 'CustomerID', features => array('Recency'))",
    )
    assert done.code == 2
    assert "define a MATERIALIZED VIEW" in done.err
