"""Lists of customers: filters, order, pages and exports, beside pandas over the same tables."""

import decimal
import io

import deltalake
import openpyxl
import pandas
import pytest
from waiting import until


@pytest.fixture(scope="module")
def customers(retail):
    tables = retail / "tables" / "retail_analytics"
    segments = deltalake.DeltaTable(str(tables / "ml" / "customer_segments")).to_pandas()
    analytics = deltalake.DeltaTable(str(tables / "dlt" / "customer_analytics")).to_pandas()[["CustomerID", "Country"]]
    return segments.merge(analytics, on="CustomerID", how="left")


# Parameters of the API, and the same in pandas.
FILTERS = {
    "a segment": ({"segment": "High Value - Inactive"}, lambda c: c["segment"] == "High Value - Inactive"),
    "two segments": (
        {"segment": ["High Value - Inactive", "Base Value - Active & Engaged"]},
        lambda c: c["segment"].isin(["High Value - Inactive", "Base Value - Active & Engaged"]),
    ),
    "score segments": ({"score_segment": ["Champions", "Lost"]}, lambda c: c["RFM_Segment"].isin(["Champions", "Lost"])),
    "outliers": ({"cluster": [-1, -2, -3]}, lambda c: c["Cluster"] < 0),
    "a country": ({"country": "Germany"}, lambda c: c["Country"] == "Germany"),
    "a grid cell": ({"r_score": 5, "f_score": [4, 5]}, lambda c: (c["R_Score"] == 5) & c["F_Score"].isin([4, 5])),
    "ranges": (
        {"recency_min": 100, "recency_max": 150, "frequency_max": 3, "monetary_min": "99.50", "monetary_max": "1000"},
        lambda c: c["Recency"].between(100, 150) & (c["Frequency"] <= 3)
        & (c["Monetary"] >= decimal.Decimal("99.50")) & (c["Monetary"] <= 1000),
    ),
    "a beginning": ({"search": "123"}, lambda c: c["CustomerID"].str.startswith("123")),
    "all together": (
        {"segment": "Base Value - Inactive", "cluster": [0, 4], "country": "United Kingdom", "m_score": [1, 2], "recency_min": 180},
        lambda c: (c["segment"] == "Base Value - Inactive") & c["Cluster"].isin([0, 4]) & (c["Country"] == "United Kingdom")
        & c["M_Score"].isin([1, 2]) & (c["Recency"] >= 180),
    ),
    "nobody": ({"country": "Nowhere"}, lambda c: c["Country"] == "Nowhere"),
}  # fmt: skip


def pages(api, **parameters):
    cursor, found = None, []
    while True:
        page = api.ask("/customers", cursor=cursor, **parameters)
        found += page["customers"]
        cursor = page["next_cursor"]
        if cursor is None:
            assert page["total"] == len(found)
            return found


@pytest.mark.parametrize("name", FILTERS)
def test_lists_exports_and_segments_are_of_the_same_customers(api, customers, name):
    parameters, condition = FILTERS[name]
    expected = set(customers[condition(customers)]["CustomerID"])
    assert name == "nobody" or expected
    assert {customer["customer_id"] for customer in pages(api, limit=500, **parameters)} == expected
    exported = pandas.read_csv(io.BytesIO(api.get("/customers/export", format="csv", **parameters).body), dtype=str)
    assert len(exported) == len(expected) and set(exported["CustomerID"]) == expected
    assert set(api.ask("/segments/points", **parameters)["customer_id"]) == expected
    answer = api.ask("/segments", **parameters)
    assert answer["filtered"]["customers"] == len(expected)
    assert sum(segment["customers"] for segment in answer["segments"]) == len(expected)
    assert sum(cell["customers"] for cell in api.ask("/segments/grid", **parameters)["cells"]) == len(expected)


@pytest.mark.parametrize(
    ("sort", "column"), [("monetary", "Monetary"), ("recency", "Recency"), ("customer_id", "CustomerID"), ("cluster", "Cluster")]
)
def test_order_is_total_in_both_directions(api, customers, sort, column):
    for prefix, ascending in (("", True), ("-", False)):
        expected = customers.sort_values([column, "CustomerID"], ascending=[ascending, True])
        found = pages(api, limit=500, sort=prefix + sort)
        assert [customer["customer_id"] for customer in found] == list(expected["CustomerID"])


def test_hostile_filters_are_texts(api):
    for text in ("' OR 1=1 --", "x'; DROP TABLE ml.customer_segments; --", "${source}", ":search", "\\' OR true", "%", "a\"b`c"):
        for name in ("segment", "country", "search", "score_segment"):
            answer = api.ask("/customers", **{name: text})
            assert answer["total"] == 0, (name, text)


def test_exports_hold_the_same_rows_in_each_format(api):
    parameters = {"segment": "High Value - At Risk", "column": ["CustomerID", "Monetary", "MaxInvoiceDate", "segment"]}
    csv = pandas.read_csv(io.BytesIO(api.get("/customers/export", format="csv", **parameters).body), dtype=str)
    assert list(csv.columns) == parameters["column"]
    parquet = pandas.read_parquet(io.BytesIO(api.get("/customers/export", format="parquet", **parameters).body))
    assert list(parquet["CustomerID"]) == list(csv["CustomerID"])
    assert [str(value) for value in parquet["Monetary"]] == list(csv["Monetary"])
    workbook = openpyxl.load_workbook(io.BytesIO(api.get("/customers/export", format="xlsx", **parameters).body))
    [header, *rows] = list(workbook.active.values)
    assert list(header) == parameters["column"]
    assert [row[0] for row in rows] == list(csv["CustomerID"])
    assert [row[1] for row in rows] == pytest.approx([float(value) for value in csv["Monetary"]])


def test_an_export_is_a_download_with_a_name(api):
    answer = api.get("/customers/export", format="csv", limit=None)
    assert answer.headers["content-disposition"].startswith('attachment; filename="customers.csv"')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("text/csv")


def test_pages_of_a_table_are_of_one_version(own_api, medallion, own_storage, sales_folder):
    first = own_api.ask("/customers", limit=10)
    medallion.run_retail(own_storage, sales_folder, as_of_date="2026-06-01")
    until(lambda: own_api.ask("/overview")["as_of_date"] == "2026-06-01")
    second = own_api.ask("/customers", limit=10, cursor=first["next_cursor"])
    assert second["total"] == first["total"]
    begun = own_api.ask("/customers", limit=20)["customers"]
    # The new as-of date moved every recency by 31 days; the second page is of the version of the first.
    recency = {customer["customer_id"]: customer["recency"] for customer in begun}
    for customer in second["customers"]:
        assert recency[customer["customer_id"]] == customer["recency"] + 31
