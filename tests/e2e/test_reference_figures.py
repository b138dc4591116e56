"""Acceptance 1: the figures of the retail pipeline, against pandas and, for the real files, against the
published reference figures."""

import decimal
import json
from collections import defaultdict

import pandas
import pytest

import daily_files
import delta_log

pytestmark = pytest.mark.slow

DLT = "tables/retail_analytics/dlt"
BRONZE, SILVER, GOLD = (
    f"{DLT}/{name}" for name in ("retail_transactions_bronze", "retail_transactions_silver", "customer_rfm_gold")
)
LABELS = f"{DLT}/customer_rfm_segment_label_and_recommendation"
SUMMARY = f"{DLT}/segment_summary"


@pytest.fixture(scope="module")
def frame(retail):
    """Reads a table once, with the independent reader."""
    cache = {}

    def read(name):
        if name not in cache:
            cache[name] = delta_log.read(retail / name).to_pandas()
        return cache[name]

    return read


@pytest.fixture(scope="module")
def rule_counts(retail):
    """(dataset's last part, rule) → [passed, failed], summed over the events of the log."""
    counts = defaultdict(lambda: [0, 0])
    log = delta_log.read(retail / "system" / "event_log").to_pandas()
    for details in log[log["event_type"] == "flow_progress"]["details"]:
        progress = json.loads(details)["flow_progress"]
        for entry in progress.get("data_quality", {}).get("expectations", []):
            total = counts[entry["dataset"].split(".")[-1], entry["name"]]
            total[0] += entry["passed_records"]
            total[1] += entry["failed_records"]
    return {key: tuple(value) for key, value in counts.items()}


@pytest.fixture(scope="module")
def figures(root):
    path = root.parent / "shared" / "data" / "reference_figures.json"
    return json.loads(path.read_text()) if daily_files.real_folder() else None


def test_bronze_holds_every_record_of_every_file(frame, reference):
    bronze = frame(BRONZE)
    assert len(bronze) == len(reference.bronze)
    names = bronze["source_file"].str.rsplit("/", n=1).str[-1]
    ours = bronze.assign(name=names).sort_values(["name", "source_record"]).reset_index(drop=True)
    theirs = reference.bronze.sort_values(["source_file", "source_record"]).reset_index(drop=True)
    assert list(ours["name"]) == list(theirs["source_file"])
    assert list(ours["source_record"]) == list(theirs["source_record"])
    for column in ("Invoice", "StockCode", "Description", "Country", "InvoiceDate"):
        assert_equal_texts(ours[column], theirs[column])
    assert_equal_texts(ours["CustomerID"], theirs["Customer ID"])
    assert list(ours["Quantity"]) == [int(text) for text in theirs["Quantity"]]


def assert_equal_texts(ours, theirs):
    differing = [(a, b) for a, b in zip(ours, theirs) if a != b and not (pandas.isna(a) and pandas.isna(b))]
    assert not differing, f"{len(differing)} differ, for example {differing[:3]}"


def test_a_price_below_a_cent_is_rounded_and_kept_as_text(frame, reference):
    rescued = frame(BRONZE).query("_rescued_data.notna()", engine="python")
    inexact = reference.bronze[reference.bronze["Price"].map(lambda text: decimal.Decimal(text).as_tuple().exponent < -2)]
    assert len(rescued) == len(inexact) > 0
    assert set(rescued["Price"]) == {decimal.Decimal("0.00")}
    assert all(json.loads(text)["Price"] == "0.001" for text in rescued["_rescued_data"])


def test_every_rule_is_counted_over_every_record(rule_counts, reference):
    for rule, expected in reference.rules.items():
        assert rule_counts["retail_transactions_silver", rule] == expected, rule


def test_silver_holds_what_passed_the_rules(frame, reference):
    silver = frame(SILVER)
    assert len(silver) == len(reference.silver)
    assert silver["TotalPrice"].sum() == reference.silver["TotalPrice"].sum()
    assert silver["CustomerID"].nunique() == reference.silver["CustomerID"].nunique()
    assert int(silver["IsCancellation"].sum()) == int(reference.silver["IsCancellation"].sum())
    assert silver["SurrogateKey"].nunique() == len(silver) - int(
        reference.silver.duplicated(["InvoiceNo", "StockCode", "Quantity", "source_record"]).sum()
    )


def test_day_of_week_counts_from_sunday(frame):
    dates = pandas.to_datetime(frame(SILVER)["InvoiceDate"])
    expected = (dates.dt.day_of_week + 1) % 7 + 1
    assert (frame(SILVER)["DayOfWeek"] == expected).all()


def test_what_silver_dropped_is_in_quarantine_with_its_reasons(retail, frame, reference):
    rejected = delta_log.read(retail / SILVER.replace("tables", "quarantine", 1)).to_pandas()
    assert len(rejected) == len(reference.bronze) - len(reference.silver)
    assert len(frame(BRONZE)) == len(frame(SILVER)) + len(rejected)
    reasons = rejected["_failed_expectations"].explode().value_counts()
    for rule in ("valid_quantity", "valid_unit_price"):
        assert reasons.get(rule, 0) == reference.rules[rule][1]


def test_gold_has_each_customers_recency_frequency_and_monetary_value(frame, reference):
    ours = frame(GOLD).set_index("CustomerID").sort_index()
    theirs = reference.gold.set_index("CustomerID").sort_index()
    assert list(ours.index) == list(theirs.index)
    for column in ("Recency", "Frequency", "Monetary"):
        assert list(ours[column]) == list(theirs[column]), column


def test_every_customer_has_the_segment_of_the_rules(frame, reference):
    ours = frame(LABELS).set_index("CustomerID")["segment"].sort_index()
    theirs = reference.segments.set_index("CustomerID")["segment"].sort_index()
    assert ours.to_dict() == theirs.to_dict()
    assert frame(LABELS)["recommendation"].notna().all()


def test_segment_summary_equals_pandas(frame, reference):
    ours = frame(SUMMARY).set_index("Segment").sort_index()
    assert list(ours.index) == list(reference.summary.index)
    for column in reference.summary.columns:
        assert list(ours[column]) == list(reference.summary[column]), column


def test_published_figures_come_out(frame, rule_counts, figures, reference):
    if figures is None:
        # The pandas reference above is the oracle for the generated set.
        assert reference.files > 0
        return
    bronze, silver, gold = frame(BRONZE), frame(SILVER), frame(GOLD)
    assert bronze["source_file"].nunique() == figures["files"]
    assert len(bronze) == figures["bronze"]
    for rule, counts in figures["expectations"].items():
        assert rule_counts["retail_transactions_silver", rule] == (counts["passed"], counts["failed"]), rule
    assert len(silver) == figures["silver"]
    assert str(silver["TotalPrice"].sum()) == figures["silver_total"]
    assert str(silver["InvoiceDate"].max()) == figures["last_day"]
    assert len(silver[["InvoiceNo", "StockCode", "Quantity"]].drop_duplicates()) == figures["surrogate_keys_distinct"]
    assert bronze["_rescued_data"].notna().sum() == figures["prices_below_a_cent"]
    assert len(gold) == figures["gold"]
    assert str(gold["Monetary"].sum()) == figures["gold_monetary"]
    assert gold["Frequency"].sum() == figures["gold_frequency"]
    assert gold["Recency"].sum() == figures["gold_recency_as_of"]["2026-05-01"]
    medians = [gold[column].astype(float).median() for column in ("Recency", "Frequency", "Monetary")]
    assert medians == pytest.approx(figures["gold_median"], abs=1e-9)
    assert frame(LABELS)["segment"].value_counts().to_dict() == figures["rule_segments"]


def test_monitoring_counts_the_same_defects(frame, reference):
    quality = frame(f"{DLT}/bronze_dq")
    assert len(quality) == 1, "one processing date"
    row = quality.iloc[0]
    raw = reference.bronze
    assert row["total_records"] == len(raw)
    assert row["files_processed"] == reference.files
    assert row["null_customer_ids"] == raw["Customer ID"].isna().sum()
    assert row["bad_quantities"] == (raw["Quantity"].map(int) <= 0).sum()
    assert row["bad_price"] == (raw["Price"].map(decimal.Decimal) < 0).sum()
    assert row["valid_records"] == len(raw) - frame(BRONZE)["_rescued_data"].notna().sum()

    daily = frame(f"{DLT}/dlt_daily_counts")
    by_layer = daily.groupby("table_layer")["record_counts"].sum().to_dict()
    assert by_layer == {"01_bronze_transactions_raw": len(raw), "02_silver_transactions_clean": len(reference.silver)}


def test_business_tables_agree_with_silver(frame, reference):
    sold = reference.silver[~reference.silver["IsCancellation"]]
    headline = frame(f"{DLT}/executive_summary").iloc[0]
    assert headline["total_revenue"] == sold["TotalPrice"].sum()
    assert headline["orders"] == sold["InvoiceNo"].nunique()
    assert headline["customers"] == sold["CustomerID"].nunique()
    assert headline["units"] == sold["Quantity"].sum()
    assert frame(f"{DLT}/daily_sales_summary")["revenue"].sum() == sold["TotalPrice"].sum()
    assert frame(f"{DLT}/product_performance")["revenue"].sum() == sold["TotalPrice"].sum()
    with_customer = sold[sold["CustomerID"].notna()]
    assert frame(f"{DLT}/customer_analytics")["revenue"].sum() == with_customer["TotalPrice"].sum()
