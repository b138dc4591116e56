"""`medallion segments`: clusters, one customer's place, campaign lists, scoring a file."""

import csv
import shutil

import openpyxl
import pandas
import pytest

pytestmark = pytest.mark.slow


def segments(medallion, storage, *arguments, **options):
    return medallion.run("segments", *arguments, "--storage", storage, cwd="/", **options)


@pytest.fixture(scope="module")
def customers(medallion, retail):
    return pandas.DataFrame(
        medallion.sql(
            retail,
            """SELECT s.*, c.DistanceToCentroid, c.DistanceToNextCentroid, c.ModelVersion
               FROM ml.customer_segments AS s
               JOIN ml.customer_segments_clustered AS c ON s.CustomerID = c.CustomerID""",
        )
    )


def test_show_lists_every_cluster(medallion, retail, customers):
    done = segments(medallion, retail, "show", "--json")
    assert done.code == 0
    counts = {row["Cluster"]: row["Count"] for row in done.json}
    assert counts == customers.groupby("Cluster").size().to_dict()
    assert all(row["Cluster_Recommendation"] for row in done.json)


def test_why_explains_a_member_by_the_nearest_centroids(medallion, retail, customers):
    member = customers[customers["Cluster"] >= 0].iloc[0]
    text = segments(medallion, retail, "show", "--why", member["CustomerID"]).out
    assert f"Cluster {member['Cluster']}: {member['Cluster_Description']}" in text
    assert member["recommendation"] in text and member["Cluster_Recommendation"] in text
    [distances] = [line for line in text.splitlines() if line.startswith("distance")]
    shown = [float(word) for word in distances.split()[-2:]]
    expected = [member["DistanceToCentroid"], member["DistanceToNextCentroid"]]
    assert shown == pytest.approx(expected, abs=0.005)
    header = text.splitlines()[text.splitlines().index(distances) - 5]
    assert header.split()[:3] == ["customer", "cluster", str(member["Cluster"])]


def test_why_explains_an_outlier_by_the_fences(medallion, retail, customers):
    outlier = customers[customers["Cluster"] == -1].iloc[0]
    text = segments(medallion, retail, "show", "--why", outlier["CustomerID"]).out
    assert "Set apart as an outlier" in text
    assert "Monetary is" in text and "above the fence" in text and "Frequency is" not in text


def test_an_unknown_customer_is_told(medallion, retail):
    done = segments(medallion, retail, "show", "--why", "nobody'; --")
    assert done.code != 0
    assert "no customer nobody" in done.err


READERS = {
    "csv": lambda path: pandas.read_csv(path, dtype={"CustomerID": str}),
    "xlsx": lambda path: pandas.read_excel(path, dtype={"CustomerID": str}),
    "parquet": pandas.read_parquet,
}


@pytest.mark.parametrize("ending", READERS)
def test_a_list_holds_the_customers_that_were_chosen(medallion, retail, customers, tmp_path, ending):
    path = tmp_path / f"list.{ending}"
    name = "high value - AT RISK"
    done = segments(medallion, retail, "export", "--segment", name, "--cluster", "1", "--cluster", "-1", "--output", path)
    assert done.code == 0, done.err
    chosen = customers[(customers["segment"].str.lower() == name.lower()) & customers["Cluster"].isin([1, -1])]
    assert len(chosen) > 0
    read = READERS[ending](path)
    assert sorted(read["CustomerID"]) == sorted(chosen["CustomerID"])
    assert read["Monetary"].astype(float).is_monotonic_decreasing
    assert read["Monetary"].astype(float).sum() == pytest.approx(chosen["Monetary"].astype(float).sum())
    assert f"{len(chosen)} customers written" in done.out
    assert [left.name for left in tmp_path.iterdir()] == [path.name]


def test_columns_are_those_that_were_named(medallion, retail, tmp_path):
    path = tmp_path / "list.parquet"
    done = segments(medallion, retail, "export", "--columns", "CustomerID, MaxInvoiceDate,Monetary", "--output", path)
    assert done.code == 0, done.err
    read = pandas.read_parquet(path)
    assert list(read.columns) == ["CustomerID", "MaxInvoiceDate", "Monetary"]
    assert str(read["Monetary"].iloc[0]).count(".") == 1  # an exact decimal
    wrong = segments(medallion, retail, "export", "--columns", "CustomerId,Monetari", "--output", tmp_path / "b.csv")
    assert wrong.code == 2 and "Monetari" in wrong.err
    assert not (tmp_path / "b.csv").exists()


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["export", "--output", "list.txt"], "write a name that ends in .csv, .xlsx or .parquet"),
        (["export", "--output", "/nowhere/at/all/list.csv"], "cannot write"),
        (["export", "--output", "list.csv", "--segment", "nope"], "no customer is in what was chosen"),
        (["export", "--output", "list.csv", "--cluster", "99"], "no customer is in what was chosen"),
        (["export"], "needs a file to write"),
        (["score", "list.csv"], "needs a file to read and one to write"),
        (["score", "/nowhere.csv", "--output", "/tmp/never.csv"], "nowhere.csv"),
        (["score", "/dev/null", "--output", "/tmp/never.csv", "--model", "99"], "there is no model 99"),
    ],
)
def test_a_mistake_is_told(medallion, retail, arguments, message):
    done = segments(medallion, retail, *arguments)
    assert done.code in (1, 2, 4)
    assert message in done.err


def test_a_storage_without_segments_says_what_makes_them(medallion, tmp_path):
    (tmp_path / "empty").mkdir()
    done = segments(medallion, tmp_path / "empty", "show")
    assert done.code != 0
    assert "medallion run --spec pipelines/retail" in done.err


def test_a_text_that_looks_like_a_formula_is_no_formula(medallion, sales_folder, tmp_path):
    """A rule edited by a marketer, or a customer's number from a file, may begin with = + - or @."""
    spec = tmp_path / "retail"
    shutil.copytree(medallion.retail_spec, spec)
    advice = spec / "advice" / "cluster_advice.csv"
    lines = advice.read_text().splitlines()
    evil = "=HYPERLINK(1)"
    advice.write_text("\n".join([lines[0], *(line.rsplit(",", 1)[0].split(',"')[0] + f",{evil}" for line in lines[1:])]))
    storage = tmp_path / "storage"
    medallion.check(
        *["run", "--spec", spec, "--storage", storage, "--set", f"source={sales_folder}"],
        *["--set", "as_of_date=2026-05-01", "--fixed-clock", "2026-05-01T09:00:00Z"],
    )
    columns = ["--columns", "CustomerID,Cluster,Cluster_Recommendation"]
    for ending in ("csv", "xlsx"):
        done = segments(medallion, storage, "export", *columns, "--output", tmp_path / f"list.{ending}")
        assert done.code == 0, done.err
    with open(tmp_path / "list.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["Cluster_Recommendation"] for row in rows} == {"'" + evil}
    assert "-1" in {row["Cluster"] for row in rows}  # numbers stay numbers
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    cell = sheet.cell(row=2, column=3)
    assert (cell.value, cell.data_type) == (evil, "s")


@pytest.mark.parametrize("ending", READERS)
def test_scoring_the_customers_gives_their_clusters(medallion, retail, customers, tmp_path, ending):
    known = customers[["CustomerID", "Recency", "Frequency", "Monetary"]]
    known.to_csv(tmp_path / "known.csv", index=False)
    path = tmp_path / f"scored.{ending}"
    done = segments(medallion, retail, "score", tmp_path / "known.csv", "--output", path)
    assert done.code == 0, done.err
    scored = READERS[ending](path).set_index("CustomerID")
    joined = customers.set_index("CustomerID").join(scored[["Cluster", "DistanceToCentroid"]].add_suffix("_scored"))
    assert len(joined) == len(customers)
    assert (joined["Cluster_scored"] == joined["Cluster"]).all()
    assert joined["DistanceToCentroid_scored"].to_list() == pytest.approx(joined["DistanceToCentroid"].to_list())


@pytest.mark.parametrize(
    "text, message",
    [
        ("CustomerID,Recency,Frequency\n1,2,3\n", "the file has no column Monetary"),
        ("Recency,Frequency,Monetary\n1,2,3\n1,x,3\n", "row 2: Frequency is no number: x"),
        ("Recency,Frequency,Monetary\n1,,3\n", "row 1: Frequency is no number"),
        ("Recency,Frequency,Monetary,Cluster\n1,2,3,4\n", "has a column Cluster of its own"),
        ("Recency,Frequency,Monetary\n", "no customer in"),
    ],
)
def test_a_file_that_cannot_be_scored_is_told(medallion, retail, tmp_path, text, message):
    (tmp_path / "odd.csv").write_text(text)
    done = segments(medallion, retail, "score", tmp_path / "odd.csv", "--output", tmp_path / "scored.csv")
    assert done.code == 1
    assert message in done.err
    assert not (tmp_path / "scored.csv").exists()
