"""Segments over several days: history, movement and the registry of models."""

import json

import pandas
import pytest

import daily_files

pytestmark = pytest.mark.slow


def frame(medallion, storage, query):
    return pandas.DataFrame(medallion.sql(storage, query))


def update(medallion, storage, landing, date, hour=9, *options):
    medallion.run_retail(
        storage, landing, "--fixed-clock", f"{date}T{hour:02}:00:00Z", *options, as_of_date=date
    )


DATES = ["2026-04-29", "2026-04-30", "2026-05-01"]


@pytest.fixture(scope="module")
def three_days(medallion, sales_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("history")
    files = sorted(sales_folder.glob("*.csv"))
    landing = folder / "landing"
    daily_files.land(files[:-60], landing)
    for day, date in enumerate(DATES):
        if day:
            daily_files.land(files[len(files) - 60 + 30 * (day - 1) :][:30], landing)
        update(medallion, folder / "storage", landing, date)
    return folder


@pytest.fixture(scope="module")
def history(medallion, three_days):
    return frame(medallion, three_days / "storage", "SELECT * FROM ml.customer_segment_history")


def test_a_customer_has_one_row_per_date(history):
    assert sorted(history["as_of_date"].unique()) == DATES
    assert not history.duplicated(["as_of_date", "CustomerID"]).any()
    assert history["segment_current"].notna().all()


def test_the_newest_rows_are_todays_segments(medallion, three_days, history):
    today = frame(medallion, three_days / "storage", "SELECT CustomerID, segment, Cluster FROM ml.customer_segments")
    newest = history[history["as_of_date"] == DATES[-1]]
    joined = newest.merge(today, on="CustomerID", how="outer", indicator=True)
    assert (joined["_merge"] == "both").all()
    assert (joined["segment_current"] == joined["segment"]).all()
    assert (joined["cluster_current"] == joined["Cluster"]).all()


@pytest.mark.parametrize("scheme", ["segment", "cluster"])
def test_previous_and_changed_at_follow_from_the_dates_before(history, scheme):
    before = pandas.DataFrame({"CustomerID": [], "current": [], "changed_at": []})
    for date in DATES:
        rows = history[history["as_of_date"] == date]
        joined = rows.merge(before, on="CustomerID", how="left")
        current = joined[f"{scheme}_current"]
        pandas.testing.assert_series_equal(
            joined[f"{scheme}_previous"].astype(object), joined["current"].astype(object), check_names=False
        )
        stayed = current == joined["current"]
        expected = joined["changed_at"].where(stayed, date)
        assert (joined[f"{scheme}_changed_at"] == expected).all()
        before = pandas.DataFrame(
            {"CustomerID": joined["CustomerID"], "current": current, "changed_at": joined[f"{scheme}_changed_at"]}
        )


@pytest.mark.parametrize("scheme", ["segment", "cluster"])
def test_movement_adds_up_to_both_dates(medallion, three_days, history, scheme):
    moves = frame(medallion, three_days / "storage", f"SELECT * FROM ml.segment_movement WHERE scheme = '{scheme}'")
    for earlier, later in zip(DATES, DATES[1:]):
        of_day = moves[moves["as_of_date"] == later]
        assert set(of_day["previous_date"]) == {earlier}
        for date, column, none in ((earlier, "from_segment", "(new)"), (later, "to_segment", "(gone)")):
            counts = history[history["as_of_date"] == date].groupby(f"{scheme}_current").size()
            added = of_day[of_day[column] != none].groupby(column)["customers"].sum()
            assert added.to_dict() == {str(key): value for key, value in counts.items()}


def test_the_registry_says_what_the_model_files_say(medallion, three_days):
    storage = three_days / "storage"
    registry = frame(medallion, storage, "SELECT * FROM ml.customer_segment_models ORDER BY as_of_date")
    assert registry["as_of_date"].tolist() == DATES
    assert registry["ModelVersion"].tolist() == [1, 2, 3]
    for row in registry.to_dict("records"):
        path = f"models/retail_analytics/ml/customer_segments_clustered/{row['ModelVersion']}/model.json"
        model = json.loads((storage / path).read_text())
        assert row["k"] == len(model["clusters"])
        assert row["Inertia"] == model["metrics"]["inertia"]
        assert row["TrainingTableVersion"] == model["training"]["version"]
        assert json.loads(row["KSearch"]) == model["k_search"]["table"]
        clusters = [cluster for cluster in json.loads(row["Clusters"]) if cluster["id"] >= 0]
        assert [cluster["size"] for cluster in clusters] == [cluster["size"] for cluster in model["clusters"]]
        assert [list(cluster["centroid"].values()) for cluster in clusters] == [
            cluster["centroid"] for cluster in model["clusters"]
        ]
        parameters = json.loads(row["Parameters"])
        assert (parameters["restarts"], parameters["seed"], parameters["k_max"]) == (10, 42, 12)
    first, *later = registry.to_dict("records")
    assert pandas.isna(first["Changes"]) and pandas.isna(first["PreviousVersion"])
    for before, row in zip(registry.to_dict("records"), later):
        assert row["PreviousVersion"] == before["ModelVersion"]
        assert row["PopulationStability"] >= 0
        changes = json.loads(row["Changes"])
        ids = {cluster["id"] for cluster in json.loads(row["Clusters"]) if cluster["id"] >= 0}
        assert {id for change in changes for id in change["to"]} == ids


def test_a_date_made_again_replaces_its_rows(medallion, three_days, history, tmp_path):
    import shutil

    storage = tmp_path / "storage"
    shutil.copytree(three_days / "storage", storage)
    before = medallion.tables(storage)["retail_analytics.ml.customer_segment_history"]
    update(medallion, storage, three_days / "landing", DATES[-1], 10, "--full-refresh-all")
    again = frame(medallion, storage, "SELECT * FROM ml.customer_segment_history")
    assert medallion.tables(storage)["retail_analytics.ml.customer_segment_history"] == before + 1
    key = ["as_of_date", "CustomerID"]
    columns = [*key, "segment_current", "segment_previous", "segment_changed_at"]
    pandas.testing.assert_frame_equal(
        again.sort_values(key)[columns].reset_index(drop=True),
        history.sort_values(key)[columns].reset_index(drop=True),
    )


@pytest.mark.acceptance
def test_thirty_days_keep_their_clusters(medallion, sales_folder, tmp_path):
    """Issue 2, line 6: 30 consecutive daily updates of the real files."""
    files = sorted(sales_folder.glob("*.csv"))
    landing = tmp_path / "landing"
    storage = tmp_path / "storage"
    daily_files.land(files[:-30], landing)
    dates = [str(date.date()) for date in pandas.date_range("2026-04-01", periods=30)]
    for day, date in enumerate(dates):
        daily_files.land(files[len(files) - 30 + day :][:1], landing)
        update(medallion, storage, landing, date)
    history = frame(medallion, storage, "SELECT * FROM ml.customer_segment_history")
    registry = frame(medallion, storage, "SELECT * FROM ml.customer_segment_models ORDER BY as_of_date")
    moves = frame(medallion, storage, "SELECT * FROM ml.segment_movement")
    assert registry["as_of_date"].tolist() == dates
    by_date = {date: rows.set_index("CustomerID") for date, rows in history.groupby("as_of_date")}
    ks = dict(zip(registry["as_of_date"], registry["k"]))
    lines = []
    for earlier, later in zip(dates, dates[1:]):
        before, now = by_date[earlier], by_date[later]
        both = now.join(before.add_suffix("_before"), how="inner")
        # Who bought nothing since: Recency alone moved on, by the same day for everyone.
        same = both[(both["Frequency_before"] == both["Frequency"]) & (both["Monetary_before"] == both["Monetary"])]
        kept = (same["cluster_current_before"] == same["cluster_current"]).mean()
        lines.append((later, ks[earlier], ks[later], len(same), round(float(kept), 4)))
        if ks[earlier] == ks[later]:
            assert kept >= 0.97, lines[-1]
        for scheme in ("segment", "cluster"):
            of_day = moves[(moves["as_of_date"] == later) & (moves["scheme"] == scheme)]
            assert of_day[of_day["from_segment"] != "(new)"]["customers"].sum() == len(before)
            assert of_day[of_day["to_segment"] != "(gone)"]["customers"].sum() == len(now)
    report = tmp_path / "thirty_days.txt"
    report.write_text("\n".join(map(str, lines)) + "\n")
    print(report.read_text())
