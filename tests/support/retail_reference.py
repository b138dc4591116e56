"""The retail pipeline in pandas, written from its description alone: the oracle of the end-to-end tests."""

import decimal
import pathlib
import re
from dataclasses import dataclass

import pandas

CENT = decimal.Decimal("0.01")
PRODUCT = re.compile(r"^(\d{5}[A-Za-z]*|PADS)$")
HALF_UP = decimal.ROUND_HALF_UP


@dataclass
class Reference:
    files: int
    bronze: pandas.DataFrame  # raw texts, one row per record
    rules: dict  # rule → (passed, failed)
    silver: pandas.DataFrame
    gold: pandas.DataFrame
    segments: pandas.DataFrame  # per customer
    summary: pandas.DataFrame


def round_half_up(value, digits=2):
    step = decimal.Decimal(1).scaleb(-digits)
    return decimal.Decimal(value).quantize(step, rounding=HALF_UP)


def read_bronze(folder):
    frames = []
    for path in sorted(pathlib.Path(folder).glob("*.csv")):
        frame = pandas.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8")
        frame["source_file"] = path.name
        frame["source_record"] = range(1, len(frame) + 1)
        frames.append(frame)
    return len(frames), pandas.concat(frames, ignore_index=True)


def compute(folder, as_of_date):
    files, bronze = read_bronze(folder)
    typed = pandas.DataFrame(
        {
            "InvoiceNo": bronze["Invoice"],
            "StockCode": bronze["StockCode"],
            "Quantity": bronze["Quantity"].map(int),
            "UnitPrice": bronze["Price"].map(lambda text: decimal.Decimal(text).quantize(CENT, rounding=HALF_UP)),
            "CustomerID": bronze["Customer ID"].map(lambda text: re.sub(r"\.0+$", "", text), na_action="ignore"),
            "Country": bronze["Country"],
            "InvoiceDate": pandas.to_datetime(bronze["InvoiceDate"], format="%Y-%m-%d", errors="coerce"),
            "source_file": bronze["source_file"],
            "source_record": bronze["source_record"],
        }
    )
    predicates = {
        "valid_invoice_no": typed["InvoiceNo"].map(lambda text: isinstance(text, str) and len(text) in (6, 7)),
        "valid_stock_code": typed["StockCode"].notna(),
        "valid_quantity": typed["Quantity"] > 0,
        "valid_unit_price": typed["UnitPrice"].map(lambda price: price >= 0),
        "valid_invoice_date": typed["InvoiceDate"].notna(),
        "valid_customer_id": typed["CustomerID"].notna(),
    }
    rules = {name: (int(met.sum()), int((~met).sum())) for name, met in predicates.items()}
    kept = pandas.Series(True, index=typed.index)
    for name, met in predicates.items():
        if name != "valid_customer_id":
            kept &= met
    silver = typed[kept].copy()
    silver["IsCancellation"] = silver["InvoiceNo"].str.upper().str.startswith("C")
    silver["TotalPrice"] = [price * quantity for price, quantity in zip(silver["UnitPrice"], silver["Quantity"])]

    as_of = pandas.Timestamp(as_of_date)
    eligible = silver[
        silver["CustomerID"].notna()
        & ~silver["IsCancellation"]
        & silver["StockCode"].map(lambda code: bool(PRODUCT.match(code)))
        & (silver["InvoiceDate"] <= as_of)
    ]
    groups = eligible.groupby("CustomerID")
    gold = pandas.DataFrame(
        {
            "MaxInvoiceDate": groups["InvoiceDate"].max(),
            "Frequency": groups["InvoiceNo"].nunique(),
            "Monetary": groups["TotalPrice"].sum(),
        }
    ).reset_index()
    gold["Recency"] = (as_of - gold["MaxInvoiceDate"]).dt.days
    segments = label(gold)
    return Reference(files, bronze, rules, silver, gold, segments, summarise(segments))


def median(values):
    """The mean of the two middle values, as percentile_cont(0.5): a float."""
    ordered = sorted(float(value) for value in values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def label(gold):
    recency, frequency, monetary = (median(gold[name]) for name in ("Recency", "Frequency", "Monetary"))

    def tier(value):
        return "High Value" if value > 2 * monetary else "Growing Value" if value > monetary else "Base Value"

    def engagement(row):
        frequent, recent = row.Frequency > frequency, row.Recency < recency
        if frequent:
            return "Active & Engaged" if recent else "At Risk"
        return "Developing" if recent else "Inactive"

    segments = gold.copy()
    segments["value_tier"] = [tier(float(value)) for value in gold["Monetary"]]
    segments["engagement_status"] = [engagement(row) for row in gold.itertuples()]
    segments["segment"] = segments["value_tier"] + " - " + segments["engagement_status"]
    return segments


def summarise(segments):
    customers, revenue = len(segments), segments["Monetary"].sum()
    lines = []
    for name, group in segments.groupby("segment"):
        line = {"Segment": name, "Customer_Count": len(group), "Total_Revenue": group["Monetary"].sum()}
        for measure in ("Monetary", "Frequency", "Recency"):
            exact = sum(decimal.Decimal(value) for value in group[measure]) / len(group)
            line[f"Avg_{measure}"] = round_half_up(exact)
            # Four decimals first: the median of cents has at most three, and as a float a little noise.
            line[f"Med_{measure}"] = round_half_up(round_half_up(median(group[measure]), 4))
        line["Pct_of_Customers"] = round_half_up(decimal.Decimal(100 * len(group)) / customers)
        line["Pct_of_Revenue"] = round_half_up(100 * line["Total_Revenue"] / revenue)
        lines.append(line)
    return pandas.DataFrame(lines).set_index("Segment")
