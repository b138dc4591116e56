"""Tables: what the pipeline wrote, row by row, version by version, and to take away."""

import re

import pandas
import pytest
from playwright.sync_api import expect

from .visitor import query, region, save, settle, shown, table
from .words import count, number, share

SILVER = "retail_analytics.dlt.retail_transactions_silver"
SUMMARY = "retail_analytics.dlt.segment_summary"
HISTORY = "retail_analytics.ml.customer_segment_history"


def tab(page, name):
    page.get_by_role("tab", name=name, exact=True).click()
    return settle(page)


def headers(page, name):
    return [text.strip() for text in region(page, name).get_by_role("columnheader").all_inner_texts()]


def test_every_table_is_listed_with_its_rows_and_version(visitor, medallion, retail, sql):
    page = visitor.open("/tables")
    versions = medallion.tables(retail)
    sizes = {name: sql(f"SELECT count(*) AS n FROM {name}")[0]["n"] for name in (SILVER, SUMMARY, HISTORY)}
    for name, version in versions.items():
        schema, short = name.rsplit(".", 1)
        rows = region(page, f"Tables of {schema}").get_by_role("row")
        row = rows.filter(has=page.get_by_role("link", name=short, exact=True))
        expect(row.get_by_role("cell").nth(2)).to_have_text(count(version))
        if name in sizes:
            expect(row.get_by_role("cell").nth(1)).to_have_text(count(sizes[name]))


def test_a_table_is_found_by_its_name_or_comment(visitor):
    page = visitor.open("/tables")
    page.get_by_role("searchbox", name="Search tables").fill("movement")
    expect(page.get_by_role("link", name=re.compile("segment_movement"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("retail_transactions"))).to_have_count(0)
    page.get_by_role("searchbox", name="Search tables").fill("nothing like this")
    expect(page.get_by_text("No table has this in its name or comment.")).to_be_visible()


def test_the_schema_equals_what_the_engine_says(visitor, root):
    page = visitor.open(f"/tables/{SILVER}?view=schema")
    statement = (root / "pipelines" / "retail" / "transformations" / "02_silver.sql").read_text()
    columns = re.findall(r"^  (\w+) ([A-Z]+(?:\(\d+,\d+\))?) COMMENT '(.*)',$", statement, re.MULTILINE)
    assert [tuple(row) for row in table(page, f"Columns of {SILVER}")] == columns


def test_rows_are_filtered_sorted_and_counted(visitor, sql):
    page = visitor.open(f"/tables/{SILVER}")
    form = page.get_by_role("form", name="Filter rows")
    form.get_by_label("Column").select_option("Country")
    form.get_by_label("Value").fill("Nigeria")
    form.get_by_role("button", name="Add filter").click()
    expect(page.get_by_role("button", name="Remove filter Country = Nigeria")).to_be_visible()
    form.get_by_label("Column").select_option("Quantity")
    form.get_by_label("Comparison").select_option("is at least")
    form.get_by_label("Value").fill("12")
    form.get_by_role("button", name="Add filter").click()
    expect(page.get_by_role("button", name="Remove filter Quantity ≥ 12")).to_be_visible()
    expected = sql(f"SELECT Quantity FROM {SILVER} WHERE Country = 'Nigeria' AND Quantity >= 12 ORDER BY Quantity DESC")
    page.get_by_role("columnheader", name="Quantity").get_by_role("button").click()
    expect(page.get_by_role("columnheader", name="Quantity")).to_have_attribute("aria-sort", "descending")
    settle(page)
    expect(shown(page, len(expected))).to_be_visible()
    at = headers(page, f"Rows of {SILVER}").index("Quantity")
    assert [row[at] for row in table(page, f"Rows of {SILVER}")] == [str(one["Quantity"]) for one in expected]
    assert query(page) == {"filter": ["Country:eq:Nigeria", "Quantity:ge:12"], "sort": ["-Quantity"]}
    page.reload()
    settle(page)
    expect(shown(page, len(expected))).to_be_visible()


def test_rows_are_read_page_by_page(visitor):
    page = visitor.open(f"/tables/{SILVER}")
    rows = region(page, f"Rows of {SILVER}").locator("tbody tr:not([aria-hidden])")
    first = rows.count()
    assert 0 < first <= 200
    page.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(2 * first)
    settle(page)


@pytest.mark.parametrize("file_format", ["CSV", "XLSX", "Parquet"])
def test_filtered_rows_are_saved_as_a_file(visitor, sql, file_format):
    page = visitor.open(f"/tables/{SUMMARY}?filter=Segment:contains:High")
    path, name = save(page, page.get_by_role("link", name=f"Save the filtered rows as {file_format}"))
    assert name.endswith(f".{file_format.lower()}")
    renamed = path.with_suffix(f".{file_format.lower()}")
    path.rename(renamed)
    read = {"CSV": pandas.read_csv, "XLSX": pandas.read_excel, "Parquet": pandas.read_parquet}[file_format]
    expected = {one["Segment"]: one["Customer_Count"] for one in sql(f"SELECT * FROM {SUMMARY} WHERE Segment LIKE '%High%'")}
    saved = read(renamed)
    assert dict(zip(saved["Segment"], saved["Customer_Count"], strict=True)) == expected


def test_the_profile_of_a_column_equals_sql(visitor, sql):
    page = visitor.open(f"/tables/{SILVER}?view=profile")
    [real] = sql(
        f"""SELECT count(*) AS n, count(DISTINCT Country) AS countries, min(Country) AS least, max(Country) AS greatest,
                   sum(CASE WHEN CustomerID IS NULL THEN 1 ELSE 0 END) AS nobody FROM {SILVER}"""
    )
    rows = {row[0]: row for row in table(page, f"Profile of the columns of {SILVER}")}
    assert rows["Country"][2:] == ["0 (0.0%)", count(real["countries"]), real["least"], real["greatest"]]
    assert rows["CustomerID"][2] == f"{count(real['nobody'])} ({share(real['nobody'], real['n'])})"


def test_files_of_a_table_add_up_to_its_rows(visitor, sql):
    page = visitor.open(f"/tables/{SILVER}?view=files")
    rows = table(page, f"Data files of {SILVER}")
    at = headers(page, f"Data files of {SILVER}").index("Rows")
    assert sum(int(row[at].replace(",", "")) for row in rows) == sql(f"SELECT count(*) AS n FROM {SILVER}")[0]["n"]
    assert all(row[0].endswith(".parquet") for row in rows)


def test_the_history_names_the_update_of_each_version(visitor, site):
    update = site.ask("/updates")["updates"][0]["update_id"]
    page = visitor.open(f"/tables/{SUMMARY}?view=history")
    page.get_by_role("link", name=update[-8:]).first.click()
    expect(page).to_have_url(re.compile(f"/pipeline/updates/{update}$"))
    settle(page)


def test_an_older_version_is_shown_with_a_banner_and_a_way_back(come, two_dates_site, two_dates, two_dates_sql, medallion):
    latest = medallion.tables(two_dates / "storage")[HISTORY]
    now, before = (
        two_dates_sql(f"SELECT count(*) AS n FROM {HISTORY} VERSION AS OF {version}")[0]["n"] for version in (latest, latest - 1)
    )
    assert before < now
    page = come(two_dates_site).open(f"/tables/{HISTORY}?view=history")
    page.get_by_role("button", name=f"Show the table at version {latest - 1}").click()
    banner = page.get_by_role("status").filter(has_text=f"Version {latest - 1} of")
    expect(banner).to_contain_text(f"the latest is {latest}.")
    tab(page, "Rows")
    expect(shown(page, before)).to_be_visible()
    page.reload()
    settle(page)
    expect(banner).to_be_visible()
    banner.get_by_role("button", name="Show the latest").click()
    expect(banner).to_have_count(0)
    expect(shown(page, now)).to_be_visible()
    settle(page)


def test_a_table_that_is_not_there_is_said(visitor):
    visitor.expect_complaint("status of 404")
    page = visitor.context.new_page()
    page.goto("/tables/retail_analytics.dlt.nonsense")
    expect(page.get_by_role("alert")).to_contain_text("The table could not be loaded")
