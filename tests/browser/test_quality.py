"""Quality: rules with what they found, rejected lines with the reason, files, and the contract."""

import re

import pytest
from playwright.sync_api import expect

from .visitor import chart_table, choose, query, region, settle, shown, table, tile
from .words import count, date, percent

SILVER = "retail_analytics.dlt.retail_transactions_silver"


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
