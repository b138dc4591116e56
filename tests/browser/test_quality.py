"""Quality: rules with what they found, rejected lines with the reason, files, and the contract."""

import csv
import re

import daily_files
import pytest
from playwright.sync_api import expect
from retail_server import AS_OF_DATE, serve_options
from server import Server

from . import hostile
from .visitor import chart_table, choose, query, region, settle, shown, table, tile
from .words import count, date, percent

SILVER = "retail_analytics.dlt.retail_transactions_silver"


PLANTED = {
    "valid_invoice_no": {"Invoice": "12345678"},
    "valid_stock_code": {"StockCode": ""},
    "valid_quantity": {"Quantity": -7},
    "valid_unit_price": {"Price": "-0.01"},
    "valid_invoice_date": {"InvoiceDate": "yesterday"},
}


@pytest.fixture(scope="module")
def planted(medallion, tmp_path_factory):
    """A server over a few good lines, one line for each way to be bad, and a file that is none."""
    folder = tmp_path_factory.mktemp("planted")
    landing = folder / "sales"
    landing.mkdir()
    good = [line for payload, line in hostile.lines() if payload is None and line["Country"] == "France"]
    bad = [{**good[0], "Description": name, **change} for name, change in PLANTED.items()]
    with (landing / "good and bad.csv").open("w", newline="") as out:
        writer = csv.DictWriter(out, hostile.COLUMNS)
        writer.writeheader()
        writer.writerows([*good, *bad])
    (landing / "page.csv").write_text("<!doctype html><html><body>Please log in</body></html>")
    daily_files.age(landing)
    done = medallion.run(*medallion.retail_arguments(folder / "storage", landing, as_of_date=AS_OF_DATE))
    assert done.code == 1, done.err
    with Server(medallion, *serve_options(medallion, folder / "storage", landing)) as server:
        yield server


@pytest.fixture(scope="module")
def rejected(sql):
    """Landed lines that break the rules of silver, by rule, counted from bronze."""
    [row] = sql(
        """SELECT count(*) AS lines, sum(CASE WHEN Quantity IS NULL OR Quantity <= 0 THEN 1 ELSE 0 END) AS quantity,
                  sum(CASE WHEN Price IS NULL OR Price < 0 THEN 1 ELSE 0 END) AS price,
                  sum(CASE WHEN CustomerID IS NULL THEN 1 ELSE 0 END) AS customer,
                  sum(CASE WHEN Quantity IS NULL OR Quantity <= 0 OR Price IS NULL OR Price < 0 THEN 1 ELSE 0 END) AS dropped
           FROM dlt.retail_transactions_bronze"""
    )
    return row


def test_every_rule_says_how_many_lines_broke_it(visitor, rejected):
    page = visitor.open("/quality")
    rows = {(re.split(" ", row[0])[0], row[1]): row for row in table(page, "Rules with their results")}
    quantity = rows["valid_quantity", "retail_transactions_silver"]
    assert quantity[4:6] == [count(rejected["lines"] - rejected["quantity"]), count(rejected["quantity"])]
    assert quantity[3] == percent(100 - 100 * rejected["quantity"] / rejected["lines"], 2)
    assert rows["valid_customer_id", "retail_transactions_silver"][5] == count(rejected["customer"])
    assert rows["valid_unit_price", "retail_transactions_silver"][5] == count(rejected["price"])
    expect(page.locator(".intro")).to_contain_text(f"{count(rejected['dropped'])} rows in quarantine")


def test_rules_are_searched_sorted_and_narrowed_to_the_broken_ones(visitor):
    page = visitor.open("/quality")
    choose(page, "Which rules", "Violated")
    expect(region(page, "Rules with their results").locator("tbody tr")).to_have_count(3)
    page.get_by_role("searchbox", name="Search rules").fill("quantity")
    expect(region(page, "Rules with their results").locator("tbody tr")).to_have_count(1)
    assert query(page) == {"scope": ["violated"], "search": ["quantity"]}
    page.reload()
    settle(page)
    assert [row[0].split(" ")[0] for row in table(page, "Rules with their results")] == ["valid_quantity"]


def test_the_count_of_a_rule_leads_to_the_rejected_lines(visitor, rejected):
    page = visitor.open("/quality")
    page.get_by_role("link", name=f"{count(rejected['price'])} rows rejected by valid_unit_price").click()
    expect(page.get_by_role("tab", name="Quarantine")).to_have_attribute("aria-selected", "true")
    expect(region(page, "Rows in quarantine").locator("tbody tr")).to_have_count(rejected["price"])
    rows = table(page, "Rows in quarantine")
    assert all("valid_unit_price" in row[0] for row in rows)


def test_rejected_lines_keep_their_original_values(visitor, sql, rejected):
    page = visitor.open(f"/quality?view=quarantine&table={SILVER}&rule=valid_unit_price")
    headers = region(page, "Rows in quarantine").get_by_role("columnheader").all_inner_texts()
    at = {name.strip(): index for index, name in enumerate(headers)}
    shown = sorted((row[at["InvoiceNo"]], row[at["StockCode"]], row[at["UnitPrice"]]) for row in table(page, "Rows in quarantine"))
    expected = sql("SELECT Invoice, StockCode, Price FROM dlt.retail_transactions_bronze WHERE Price < 0")
    assert shown == sorted((one["Invoice"], one["StockCode"], str(one["Price"])) for one in expected)


def test_each_bad_line_is_kept_with_its_reason(come, planted):
    page = come(planted).open("/quality?view=quarantine")
    rows = table(page, "Rows in quarantine")
    headers = region(page, "Rows in quarantine").get_by_role("columnheader").all_inner_texts()
    at = {name.strip(): index for index, name in enumerate(headers)}
    assert {row[at["Description"]]: row[0] for row in rows} == {name: name for name in PLANTED}
    by_rule = {row[0]: row for row in rows}
    assert by_rule["valid_quantity"][at["Quantity"]] == "-7"
    assert by_rule["valid_unit_price"][at["UnitPrice"]] == "-0.01"
    assert by_rule["valid_stock_code"][at["StockCode"]] == "NULL"
    assert by_rule["valid_invoice_date"][at["_input_InvoiceDate"]] == "yesterday"


def test_a_file_that_is_no_csv_is_set_aside_with_the_reason(come, planted):
    page = come(planted).open("/quality?view=files&state=set_aside")
    expect(page.locator(".intro")).to_contain_text("1 file was set aside")
    rows = table(page, "Landed files")
    assert len(rows) == 1 and rows[0][0].startswith("page.csv ") and "HTML" in rows[0][0]
    assert rows[0][1] == "Set aside"


def test_the_ledger_of_files_is_searched(visitor, sql):
    page = visitor.open("/quality?view=files")
    total = sql("SELECT count(DISTINCT source_file) AS n FROM dlt.retail_transactions_bronze")[0]["n"]
    expect(shown(page, total)).to_be_visible()
    page.get_by_role("searchbox", name="Search paths").fill("2025-12-0")
    december = sql(
        """SELECT source_file, count(*) AS lines FROM dlt.retail_transactions_bronze WHERE source_file LIKE '%2025-12-0%'
           GROUP BY source_file ORDER BY source_file DESC"""
    )
    expect(region(page, "Landed files").locator("tbody tr")).to_have_count(len(december))
    rows = table(page, "Landed files")
    assert [(row[0], row[2]) for row in rows] == [(one["source_file"].rsplit("/")[-1], count(one["lines"])) for one in december]
    assert {row[1] for row in rows} == {"Taken in"}
    choose(page, "State of the files", "Set aside")
    expect(page.get_by_text("No file is like this.")).to_be_visible()
    settle(page)


def test_a_batch_tells_what_share_was_read_as_meant(visitor, sql, rejected):
    page = visitor.open("/quality?view=batches")
    [batch] = sql(
        "SELECT count(*) AS lines, sum(CASE WHEN _rescued_data IS NULL THEN 1 ELSE 0 END) AS valid FROM dlt.retail_transactions_bronze"
    )
    expect(tile(page, "Lines read as meant")).to_contain_text(f"{count(batch['valid'])} of {count(batch['lines'])} landed lines")
    expect(tile(page, "Quantity not above zero")).to_contain_text(f"{count(rejected['quantity'])} landed lines")
    rows = dict(chart_table(page, "Defects of a batch"))
    assert rows["No customer"] == count(rejected["customer"])
    assert rows["Price below zero"] == count(rejected["price"])


def test_bronze_and_silver_are_compared_defect_by_defect(visitor, sql, rejected):
    page = visitor.open("/quality?view=comparison")
    rows = {row[0]: row[1:] for row in table(page, f"Defects before and after cleaning, {date('2026-05-01')}")}
    silver = sql("SELECT count(*) AS n, sum(CASE WHEN CustomerID IS NULL THEN 1 ELSE 0 END) AS nobody FROM dlt.retail_transactions_silver")[0]
    assert rows["All lines"] == [count(rejected["lines"]), count(silver["n"]), count(rejected["lines"] - silver["n"])]
    assert rows["Quantity not above zero"] == [count(rejected["quantity"]), "0", count(rejected["quantity"])]
    assert rows["No customer"] == [count(rejected["customer"]), count(silver["nobody"]), count(rejected["customer"] - silver["nobody"])]


def test_lines_are_counted_by_day_before_and_after(visitor, sql):
    page = visitor.open("/quality?view=daily")
    bronze = {str(one["day"]): one["n"] for one in sql("SELECT InvoiceDate AS day, count(*) AS n FROM dlt.retail_transactions_bronze GROUP BY 1")}
    silver = {str(one["day"]): one["n"] for one in sql("SELECT InvoiceDate AS day, count(*) AS n FROM dlt.retail_transactions_silver GROUP BY 1")}
    [title] = [text for text in page.get_by_role("figure").get_by_role("heading").all_inner_texts()]
    rows = chart_table(page, title)
    assert len(rows) == min(200, len(bronze))
    for day, before, after, gone in rows:
        assert (before, after, gone) == (count(bronze[day]), count(silver.get(day, 0)), count(bronze[day] - silver.get(day, 0)))


def test_the_contract_names_columns_rules_and_the_statement(visitor, root):
    page = visitor.open("/quality?view=contract")
    page.get_by_role("navigation", name="Datasets by layer").get_by_role("button", name=re.compile("retail_transactions_silver")).click()
    contract = page.get_by_role("article", name="Contract of retail_transactions_silver")
    statement = (root / "pipelines" / "retail" / "transformations" / "02_silver.sql").read_text()
    names = re.findall(r"CONSTRAINT (\w+) EXPECT", statement)
    rules = table(page, "Rules of retail_transactions_silver")
    assert [re.match(r"\w+_(?:no|code|quantity|price|date|id)", row[0]).group() for row in rules] == names
    columns = re.findall(r"^  (\w+) ([A-Z]+(?:\(\d+,\d+\))?) COMMENT '(.*)',$", statement, re.MULTILINE)
    assert [tuple(row) for row in table(page, "Columns of retail_transactions_silver")] == columns
    expect(contract.get_by_role("region", name="SQL of retail_transactions_silver")).to_contain_text("regexp_replace(CustomerID, '[.]0+$', '')")
    expect(contract).to_contain_text("transformations/02_silver.sql")
