"""The overview tells the state of the shop, of the customers and of the pipeline."""

import re

import pytest
from playwright.sync_api import expect

from .visitor import region, settle, tile
from .words import count, date, money, money_short, number, percent, share


@pytest.fixture
def page(visitor):
    return visitor.open("/")


@pytest.fixture(scope="session")
def customers(sql):
    [row] = sql(
        """SELECT count(*) AS customers, sum(Monetary) AS revenue, avg(Recency) AS recency,
                  sum(CASE WHEN Frequency = 1 THEN 1 ELSE 0 END) AS once FROM dlt.customer_rfm_gold"""
    )
    return row


@pytest.fixture(scope="session")
def segments(sql):
    return sql(
        """SELECT segment, count(*) AS customers, sum(Monetary) AS revenue FROM ml.customer_segments
           GROUP BY segment ORDER BY revenue DESC"""
    )


def test_the_owner_sees_how_much_was_sold(page, sql):
    [sold] = sql(
        """SELECT sum(TotalPrice) AS revenue, count(DISTINCT InvoiceNo) AS orders, sum(Quantity) AS units,
                  count(DISTINCT StockCode) AS products, count(*) AS lines
           FROM dlt.retail_transactions_silver WHERE NOT IsCancellation"""
    )
    revenue = tile(page, "Revenue")
    expect(revenue).to_contain_text(money_short(sold["revenue"]))
    expect(revenue).to_contain_text(money(sold["revenue"]))
    expect(tile(page, "Orders, last 30 days")).to_contain_text(f"of {count(sold['orders'])} invoices in all")
    expect(tile(page, "Sold")).to_contain_text(
        f"{count(sold['units'])} units of {count(sold['products'])} products on {count(sold['lines'])} lines"
    )


def test_the_last_thirty_days_stand_beside_the_thirty_before(page, reference):
    sold = reference.silver[~reference.silver["IsCancellation"]]
    last = sold["InvoiceDate"].max()
    age = (last - sold["InvoiceDate"]).dt.days
    now, before = sold[age < 30], sold[(age >= 30) & (age < 60)]
    orders = tile(page, "Orders, last 30 days")
    expect(orders.locator(".value")).to_have_text(count(now["InvoiceNo"].nunique()))
    change = 100 * (now["InvoiceNo"].nunique() / before["InvoiceNo"].nunique() - 1)
    expect(orders).to_contain_text(f"{percent(abs(change))}")
    expect(orders).to_contain_text("the 30 days before")
    expect(tile(page, "Buying customers, last 30 days").locator(".value")).to_have_text(count(now["CustomerID"].nunique()))
    expect(tile(page, "Revenue, last 30 days")).to_contain_text(money(now["TotalPrice"].sum()))


def test_the_owner_sees_how_many_customers_there_are_and_what_they_are_worth(page, customers):
    expect(tile(page, "Customers").locator(".value")).to_have_text(count(customers["customers"]))
    expect(tile(page, "Customer revenue")).to_contain_text(money(customers["revenue"]))
    expect(tile(page, "Since the last purchase").locator(".value")).to_have_text(f"{number(customers['recency'], 0)} days")
    once = tile(page, "One-time buyers")
    expect(once.locator(".value")).to_have_text(count(customers["once"]))
    expect(once).to_contain_text(share(customers["once"], customers["customers"]))


def test_segments_are_listed_from_the_most_revenue_to_the_least(page, segments):
    total = sum(float(one["revenue"]) for one in segments)
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(len(segments))
    for row, one in zip(rows.all(), segments, strict=True):
        texts = [text.strip() for text in row.locator("th, td").all_inner_texts()]
        expected = [one["segment"], "", count(one["customers"]), money_short(one["revenue"]), share(one["revenue"], str(total))]
        assert texts == expected


def test_a_figure_leads_to_the_customers_behind_it(page, customers):
    tile(page, "One-time buyers").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Segments")
    settle(page)
    expect(page.locator(".intro")).to_contain_text(f"The filters leave {count(customers['once'])} of {count(customers['customers'])}")
    expect(page.get_by_role("button", name="Remove filter Frequency at most 1")).to_be_visible()


def test_freshness_tells_of_the_latest_sale_and_file(page, sql, reference):
    [sales] = sql("SELECT min(InvoiceDate) AS first, max(InvoiceDate) AS last FROM dlt.retail_transactions_silver")
    card = region(page, "Freshness")
    expect(card).to_contain_text(date(sales["last"]))
    expect(card).to_contain_text(date(sales["first"]))
    expect(card).to_contain_text(f"{count(reference.files)} files taken in")


def test_quality_at_a_glance_leads_to_the_rules(page, sql):
    [dropped] = sql(
        """SELECT (SELECT count(*) FROM dlt.retail_transactions_bronze) - (SELECT count(*) FROM dlt.retail_transactions_silver) AS rows"""
    )
    card = region(page, "Quality")
    expect(card).to_contain_text(count(dropped["rows"]))
    card.get_by_role("link", name="Show quality").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quality")
    settle(page)


def test_the_last_update_leads_to_its_page(page, site):
    update = site.ask("/updates")["updates"][0]
    strip = page.get_by_role("list", name="The last update", exact=True)
    strip.get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"/pipeline/updates/{update['update_id']}$"))
    settle(page)
