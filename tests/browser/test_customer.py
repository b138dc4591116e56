"""One customer: found by number, with orders, scores, and why they are what they are."""

import pandas
import pytest
from playwright.sync_api import expect

from .visitor import chart_table, query, region, settle, shown, table, tile
from .words import cluster, count, date, money, money_short, number

PLAIN = "ORDER BY Monetary DESC, CustomerID"


@pytest.fixture(scope="module")
def best(sql):
    """The customer who spent most: an outlier."""
    return sql(f"SELECT * FROM ml.customer_segments {PLAIN} LIMIT 1")[0]


@pytest.fixture(scope="module")
def ordinary(sql):
    """The customer of a cluster who spent most."""
    return sql(f"SELECT * FROM ml.customer_segments WHERE Cluster >= 0 {PLAIN} LIMIT 1")[0]


def test_a_customer_is_found_by_the_search_of_every_page(visitor, ordinary):
    page = visitor.open("/tables")
    search = page.get_by_role("searchbox", name="Search for a customer number")
    search.fill(ordinary["CustomerID"])
    search.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
    settle(page)
    rows = table(page, "Customers")
    assert [row[0] for row in rows] == [ordinary["CustomerID"]]
    page.get_by_role("link", name=ordinary["CustomerID"], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Customer {ordinary['CustomerID']}")
    settle(page)


def test_the_beginning_of_a_number_narrows_the_list(visitor, sql):
    page = visitor.open("/customers")
    page.get_by_role("searchbox", name="Beginning of the customer number").fill("123")
    expected = sql("SELECT CustomerID FROM ml.customer_segments WHERE CustomerID LIKE '123%' ORDER BY Monetary DESC")
    expect(shown(page, len(expected))).to_be_visible()
    assert query(page) == {"search": ["123"]}
    settle(page)
    assert [row[0] for row in table(page, "Customers")] == [one["CustomerID"] for one in expected][:50]


def test_the_list_is_sorted_by_any_column_and_goes_on(visitor, sql):
    page = visitor.open("/customers")
    page.get_by_role("columnheader", name="Recency").get_by_role("button", name="Recency", exact=True).click()
    expect(page.get_by_role("columnheader", name="Recency")).to_have_attribute("aria-sort", "descending")
    settle(page)
    longest = sql("SELECT Recency FROM ml.customer_segments ORDER BY Recency DESC LIMIT 100")
    assert [row[5] for row in table(page, "Customers")] == [count(one["Recency"]) for one in longest[:50]]
    page.get_by_role("button", name="Show more").click()
    expect(region(page, "Customers").locator("tbody tr:not([aria-hidden])")).to_have_count(100)
    settle(page)
    assert [row[5] for row in table(page, "Customers")] == [count(one["Recency"]) for one in longest]


def test_a_customer_has_figures_beside_the_medians(visitor, sql, ordinary):
    [medians] = sql("SELECT median(Recency) AS r, median(Frequency) AS f, median(Monetary) AS m FROM dlt.customer_rfm_gold")
    page = visitor.open(f"/customers/{ordinary['CustomerID']}")
    recency = tile(page, "Recency")
    expect(recency.locator(".value")).to_have_text(f"{count(ordinary['Recency'])} days")
    expect(recency).to_contain_text(f"the median is {number(medians['r'], 1).removesuffix('.0')} days")
    expect(tile(page, "Monetary").locator(".value")).to_have_text(money(ordinary["Monetary"]))
    expect(tile(page, "Monetary")).to_contain_text(f"the median is {money(medians['m'])}")
    expect(tile(page, "Score").locator(".value")).to_have_text(str(ordinary["RFM_Score"]))
    why = region(page, f"Why {ordinary['segment']}")
    row = why.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Monetary"))
    expect(row).to_contain_text("above" if float(ordinary["Monetary"]) > float(medians["m"]) else "below")


def test_the_nearest_cluster_is_the_customers_own(visitor, site, ordinary):
    page = visitor.open(f"/customers/{ordinary['CustomerID']}")
    why = region(page, f"Why Cluster {ordinary['Cluster']}")
    first = why.locator("tbody tr").first
    expect(first).to_contain_text(f"Cluster {ordinary['Cluster']}")
    distances = [float(text.replace(",", "")) for text in why.locator("tbody td:last-child").all_inner_texts()]
    assert distances == sorted(distances) and len(distances) == site.ask("/segments/model")["k"]


def test_an_outlier_is_told_which_fences_it_jumped(visitor, sql, best):
    page = visitor.open(f"/customers/{best['CustomerID']}")
    spend = pandas.Series([float(one["Monetary"]) for one in sql("SELECT Monetary FROM dlt.customer_rfm_gold")])
    low, high = spend.quantile(0.25), spend.quantile(0.75)
    fence = high + 1.5 * (high - low)
    why = region(page, f"Why {cluster(best['Cluster'])}")
    expect(why.get_by_role("listitem").filter(has_text="Monetary")).to_contain_text(
        f"lies above the upper fence of {money(fence)}"
    )


def test_every_order_of_a_customer_has_its_lines(visitor, sql, best):
    lines = sql(
        f"""SELECT InvoiceNo, StockCode, Description, Quantity, UnitPrice, TotalPrice, InvoiceDate FROM dlt.retail_transactions_silver
            WHERE CustomerID = '{best['CustomerID']}' AND NOT IsCancellation"""
    )
    invoices = sorted({one["InvoiceNo"] for one in lines})
    page = visitor.open(f"/customers/{best['CustomerID']}")
    orders = region(page, "Orders")
    expect(shown(orders, len(invoices), 20)).to_be_visible()
    newest = max(lines, key=lambda one: (str(one["InvoiceDate"]), one["InvoiceNo"]))
    own = [one for one in lines if one["InvoiceNo"] == newest["InvoiceNo"]]
    order = orders.get_by_role("listitem").filter(has_text=newest["InvoiceNo"])
    expect(order).to_contain_text(date(newest["InvoiceDate"]))
    expect(order).to_contain_text(money(sum(float(one["TotalPrice"]) for one in own)))
    order.locator("summary").click()
    rows = table(page, f"Lines of invoice {newest['InvoiceNo']}")
    expected = sorted([one["StockCode"], one["Description"].strip(), count(one["Quantity"]), money(one["UnitPrice"]), money(one["TotalPrice"])] for one in own)
    assert sorted(rows) == expected


def test_purchases_are_drawn_by_month(visitor, sql, best):
    months = sql(
        f"""SELECT date_format(InvoiceDate, 'yyyy-MM') AS month, sum(TotalPrice) AS revenue, count(DISTINCT InvoiceNo) AS orders
            FROM dlt.retail_transactions_silver WHERE CustomerID = '{best['CustomerID']}' AND NOT IsCancellation GROUP BY 1 ORDER BY 1"""
    )
    page = visitor.open(f"/customers/{best['CustomerID']}")
    items = region(page, "Timeline of purchases").get_by_role("listitem")
    expect(items).to_have_count(len(months))
    for item, one in zip(items.all(), months, strict=True):
        expect(item).to_contain_text(money_short(one["revenue"]))
        expect(item).to_contain_text(f"{one['orders']} order")


def test_a_customers_segment_leads_back_to_all_of_it(visitor, sql, ordinary):
    size = sql(f"SELECT count(*) AS n FROM ml.customer_segments WHERE segment = '{ordinary['segment']}'")[0]["n"]
    page = visitor.open(f"/customers/{ordinary['CustomerID']}")
    page.get_by_role("link", name=ordinary["segment"], exact=True).click()
    expect(page.locator(".intro")).to_contain_text(f"The filters leave {count(size)} of")
    settle(page)


def test_a_point_in_the_plane_leads_to_its_customer(visitor, sql):
    """With one customer left, the one point lies in the middle of the plane."""
    rare = sql(f"SELECT CustomerID FROM ml.customer_segments {PLAIN} LIMIT 1")[0]["CustomerID"]
    page = visitor.open(f"/segments?view=space&space=2d&search={rare}")
    rows = chart_table(page, "Customers in two dimensions")
    assert [row[0] for row in rows] == [rare]


def test_an_unknown_number_is_no_error_but_a_way_on(visitor, sql):
    visitor.expect_complaint("status of 404")
    page = visitor.open("/customers/1234567")
    expect(page.get_by_role("heading", name="There is no customer 1234567")).to_be_visible()
    page.get_by_role("link", name="Customers whose number begins with 123").click()
    expected = sql("SELECT count(*) AS n FROM ml.customer_segments WHERE CustomerID LIKE '123%'")[0]["n"]
    expect(shown(page, expected)).to_be_visible()
    settle(page)


def test_segments_of_a_customer_over_time(come, two_dates_site, two_dates_sql):
    [moved] = two_dates_sql(
        """SELECT a.CustomerID AS id, a.segment_current AS before, b.segment_current AS after
           FROM ml.customer_segment_history a JOIN ml.customer_segment_history b
             ON a.CustomerID = b.CustomerID AND a.as_of_date < b.as_of_date
           WHERE a.segment_current <> b.segment_current ORDER BY 1 LIMIT 1""",
    )
    page = come(two_dates_site).open(f"/customers/{moved['id']}")
    rows = table(page, "Segments of the customer by as-of date")
    assert len(rows) == 2
    assert rows[0][1].startswith(moved["after"]) and "changed" in rows[0][1]
    assert rows[1][1].startswith(moved["before"])
