"""What the API says equals what pandas makes of the files and what independent readers find in the tables."""

import decimal

import deltalake
import numpy
import pandas
import pytest


def read(storage, name):
    return deltalake.DeltaTable(str(storage / "tables" / name.replace(".", "/"))).to_pandas()


@pytest.fixture(scope="module")
def customers(retail):
    """Every customer, from the tables, by deltalake."""
    segments = read(retail, "retail_analytics.ml.customer_segments")
    analytics = read(retail, "retail_analytics.dlt.customer_analytics")[["CustomerID", "Country"]]
    return segments.merge(analytics, on="CustomerID", how="left")


def money(value):
    return str(decimal.Decimal(value).quantize(decimal.Decimal("0.01")))


def test_overview_equals_pandas(api, reference):
    overview = api.ask("/overview")
    sold = reference.silver[~reference.silver["IsCancellation"]]
    assert overview["sales"]["revenue"] == money(sold["TotalPrice"].sum())
    assert overview["sales"]["customer_revenue"] == money(sold[sold["CustomerID"].notna()]["TotalPrice"].sum())
    assert overview["sales"]["orders"] == sold["InvoiceNo"].nunique()
    assert overview["sales"]["lines"] == len(sold)
    assert overview["sales"]["units"] == sold["Quantity"].sum()
    assert overview["customers"]["customers"] == len(reference.gold)
    assert overview["customers"]["revenue"] == money(reference.gold["Monetary"].sum())
    assert overview["customers"]["median_value"] == pytest.approx(reference.gold["Monetary"].astype(float).median())
    assert overview["customers"]["mean_recency"] == pytest.approx(reference.gold["Recency"].mean())
    assert overview["customers"]["one_time_buyers"] == (reference.gold["Frequency"] == 1).sum()
    dormant = reference.segments["segment"].isin(["High Value - At Risk", "High Value - Inactive"])
    assert overview["customers"]["dormant_valuable"] == dormant.sum()
    assert overview["freshness"]["files"] == reference.files


def test_periods_are_thirty_days_each(api, reference):
    sales = api.ask("/overview")["sales"]
    sold = reference.silver[~reference.silver["IsCancellation"]]
    last = sold["InvoiceDate"].max()
    for name, end in (("last_30_days", last), ("previous_30_days", last - pandas.Timedelta(days=30))):
        begin = end - pandas.Timedelta(days=29)
        period = sold[(sold["InvoiceDate"] >= begin) & (sold["InvoiceDate"] <= end)]
        assert sales[name]["from"] == str(begin.date()) and sales[name]["to"] == str(end.date())
        assert sales[name]["revenue"] == money(period["TotalPrice"].sum())
        assert sales[name]["orders"] == period["InvoiceNo"].nunique()
        assert sales[name]["customers"] == period["CustomerID"].nunique()


def test_revenue_by_day_equals_pandas(api, reference):
    sold = reference.silver[~reference.silver["IsCancellation"]]
    expected = {str(day.date()): money(total) for day, total in sold.groupby("InvoiceDate")["TotalPrice"].sum().items()}
    days = api.ask("/overview")["revenue_by_day"]
    assert {day["date"]: day["revenue"] for day in days} == expected
    assert [day["date"] for day in days] == sorted(expected)


def test_rule_segments_equal_pandas(api, reference):
    answer = api.ask("/segments", scheme="rule")
    assert len(answer["segments"]) == len(reference.summary)
    for segment in answer["segments"]:
        expected = reference.summary.loc[segment["name"]]
        assert segment["customers"] == expected["Customer_Count"]
        assert segment["revenue"] == money(expected["Total_Revenue"])
        assert segment["pct_of_customers"] == pytest.approx(float(expected["Pct_of_Customers"]), abs=0.0051)
        assert segment["median"]["monetary"] == pytest.approx(float(expected["Med_Monetary"]), abs=0.0051)
        assert segment["mean"]["recency"] == pytest.approx(float(expected["Avg_Recency"]), abs=0.0051)
    assert sum(segment["customers"] for segment in answer["segments"]) == answer["totals"]["customers"]


@pytest.mark.parametrize(("scheme", "column"), [("rule", "segment"), ("score", "RFM_Segment"), ("cluster", "Cluster")])
def test_every_scheme_counts_what_the_table_holds(api, customers, scheme, column):
    answer = api.ask("/segments", scheme=scheme)
    expected = customers.groupby(column)["Monetary"].agg(["count", "sum"])
    found = {segment["name"]: (segment["customers"], segment["revenue"]) for segment in answer["segments"]}
    assert found == {str(name): (row["count"], money(row["sum"])) for name, row in expected.iterrows()}


def test_the_grid_counts_every_customer_once(api, customers):
    cells = {(cell["r_score"], cell["f_score"]): cell for cell in api.ask("/segments/grid")["cells"]}
    groups = customers.groupby(["R_Score", "F_Score"])["Monetary"]
    assert {place: cell["customers"] for place, cell in cells.items()} == groups.count().to_dict()
    for place, mean in groups.agg(lambda values: values.astype(float).mean()).items():
        assert cells[place]["mean_monetary"] == pytest.approx(mean)


def test_box_plots_equal_numpy(api, customers):
    for profile in api.ask("/segments/profiles", scheme="cluster")["profiles"]:
        group = customers[customers["Cluster"] == int(profile["name"])]
        for name in ("recency", "frequency", "monetary"):
            values = group[name.capitalize()].astype(float).to_numpy()
            q1, median, q3 = numpy.quantile(values, [0.25, 0.5, 0.75])
            inside = values[(values >= q1 - 1.5 * (q3 - q1)) & (values <= q3 + 1.5 * (q3 - q1))]
            expected = {
                "min": values.min(), "whisker_low": inside.min(), "q1": q1, "median": median,
                "q3": q3, "whisker_high": inside.max(), "max": values.max(), "mean": values.mean(),
            }  # fmt: skip
            assert profile[name] == pytest.approx(expected), (profile["name"], name)


def test_points_are_the_customers(api, customers):
    points = api.ask("/segments/points", cluster=[0, 1])
    expected = customers[customers["Cluster"].isin([0, 1])].set_index("CustomerID")
    assert points["total"] == len(expected) == len(points["customer_id"])
    for i in range(0, len(expected), 97):
        row = expected.loc[points["customer_id"][i]]
        assert points["recency"][i] == row["Recency"] and points["cluster"][i] == row["Cluster"]
        assert points["monetary"][i] == pytest.approx(float(row["Monetary"]))
        assert points["segment_names"][points["segment"][i]] == row["segment"]
        assert points["score_segment_names"][points["score_segment"][i]] == row["RFM_Segment"]


def test_quality_counts_equal_pandas(api, reference):
    quality = api.ask("/quality")
    silver = {rule["name"]: rule for rule in quality["rules"] if rule["dataset"].endswith("silver")}
    for name, (passed, failed) in reference.rules.items():
        assert (silver[name]["passed"], silver[name]["failed"]) == (passed, failed), name
        assert silver[name]["pass_rate"] == pytest.approx(100 * passed / (passed + failed))
        assert silver[name]["predicate"]
    [quarantine] = quality["quarantine"]
    assert quarantine["rows"] == len(reference.bronze) - len(reference.silver)
    by_day = reference.silver.groupby(reference.silver["InvoiceDate"].dt.strftime("%Y-%m-%d")).size().to_dict()
    assert {day["date"]: day["silver"] for day in quality["daily_counts"] if day["silver"]} == by_day


def test_the_ledger_has_every_file_with_its_rows(api, reference):
    files, cursor = [], None
    while True:
        page = api.ask("/quality/files", limit=100, cursor=cursor)
        files += page["files"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(files) == page["total"] == reference.files
    expected = reference.bronze.groupby("source_file").size().to_dict()
    kept = reference.silver.groupby("source_file").size().to_dict()
    assert {file["name"]: file["rows"] for file in files} == expected
    assert {file["name"]: file["rows_kept"] for file in files} == {name: kept.get(name, 0) for name in expected}
    assert all(file["rows"] == file["rows_kept"] + file["rows_rejected"] for file in files)


def test_a_customer_is_what_the_files_say(api, reference, customers):
    row = customers.iloc[100]
    answer = api.ask(f"/customers/{row['CustomerID']}")
    bought = reference.silver[(reference.silver["CustomerID"] == row["CustomerID"]) & ~reference.silver["IsCancellation"]]
    assert answer["profile"]["monetary"] == money(row["Monetary"])
    assert answer["profile"]["segment"] == row["segment"] and answer["profile"]["cluster"] == row["Cluster"]
    assert answer["life"]["revenue"] == money(bought["TotalPrice"].sum())
    months = bought.groupby(bought["InvoiceDate"].dt.strftime("%Y-%m"))["TotalPrice"].sum()
    assert {month["month"]: month["revenue"] for month in answer["revenue_by_month"]} == {name: money(total) for name, total in months.items()}
    orders = api.ask(f"/customers/{row['CustomerID']}/orders", limit=500)
    assert orders["total"] == bought["InvoiceNo"].nunique() == len(orders["orders"])
    for order in orders["orders"]:
        lines = bought[bought["InvoiceNo"] == order["invoice"]]
        assert order["revenue"] == money(lines["TotalPrice"].sum())
        assert sum(decimal.Decimal(line["total"]) for line in order["lines"]) == decimal.Decimal(order["revenue"])


def test_why_a_customer_is_in_its_cluster(api, customers):
    member = customers[customers["Cluster"] >= 0].iloc[0]
    why = api.ask(f"/customers/{member['CustomerID']}")["why"]
    assert why["nearest"][0]["cluster"] == member["Cluster"] and not why["outlier"]
    distances = [place["distance"] for place in why["nearest"]]
    assert distances == sorted(distances)
    outlier = customers[customers["Cluster"] == -3].iloc[0]
    why = api.ask(f"/customers/{outlier['CustomerID']}")["why"]
    assert why["outlier"] and len(why["fences"]) == 2
    assert all(fence["value"] > fence["high"] or fence["value"] < fence["low"] for fence in why["fences"])


def test_the_model_explains_k(api, retail):
    model = api.ask("/segments/model")
    sizes = {cluster["id"]: cluster["size"] for cluster in model["clusters"]}
    clustered = read(retail, "retail_analytics.ml.customer_segments_clustered")
    assert sizes == clustered.groupby("Cluster").size().to_dict()
    best = max(model["k_search"], key=lambda line: line["combined"])
    assert best["k"] == model["best_k"]
    longest = max(line["chord_distance"] for line in model["k_search"])
    highest = max(line["silhouette"] for line in model["k_search"])
    for line in model["k_search"]:
        combined = 0.6 * line["silhouette"] / highest + 0.4 * line["chord_distance"] / longest
        assert line["combined"] == pytest.approx(combined)
