"""Segments: three schemes, filters that reach everything, pictures with their numbers, movement, and lists to take away."""

import collections
import re

import pandas
import pytest
from playwright.sync_api import expect

from .conftest import NEXT_DATE
from .visitor import chart_table, choose, dialog, go, query, region, save, settle, table
from .words import cluster, count, date, money, number, percent

AS_OF_DATE = "2026-05-01"
SCHEMES = {"rule": "segment", "score": "RFM_Segment", "cluster": "Cluster"}


@pytest.fixture(scope="module")
def customers(sql):
    """Every customer, one row each."""
    frame = pandas.DataFrame(
        sql(
            """SELECT s.CustomerID, s.segment, s.RFM_Segment, s.Cluster, s.R_Score, s.F_Score, s.Recency, s.Frequency,
                      s.Monetary, a.Country
               FROM ml.customer_segments s LEFT JOIN dlt.customer_analytics a ON a.CustomerID = s.CustomerID"""
        )
    )
    frame["Monetary"] = frame["Monetary"].astype(float)
    return frame


def sizes(page):
    """Segment → number of customers, as the table of all segments has them."""
    rows = table(page, "Size and value of each segment")
    return {row[0]: row[1] for row in rows}


def counted(customers, column):
    return {str(name): count(size) for name, size in customers.groupby(column).size().items()}


def ids_of_file(path, file_format):
    read = {"csv": pandas.read_csv, "xlsx": pandas.read_excel, "parquet": pandas.read_parquet}[file_format]
    return [str(one).removesuffix(".0") for one in read(path)["CustomerID"]]


def tenths(value):
    return number(value, 1).removesuffix(".0")


def test_every_segment_has_its_size_and_medians(visitor, customers):
    page = visitor.open("/segments")
    shown = {row[0]: row[1:] for row in table(page, "Size and value of each segment")}
    assert len(shown) == customers["segment"].nunique()
    for name, group in customers.groupby("segment"):
        recency, frequency, monetary = (group[one].median() for one in ("Recency", "Frequency", "Monetary"))
        assert shown[name] == [
            count(len(group)),
            percent(100 * len(group) / len(customers)),
            money(group["Monetary"].sum()),
            percent(100 * group["Monetary"].sum() / customers["Monetary"].sum()),
            tenths(recency),
            tenths(frequency),
            money(monetary),
            money(group["Monetary"].mean()),
        ]


@pytest.mark.parametrize(("choice", "scheme"), [("Scores", "score"), ("Clusters", "cluster")])
def test_another_scheme_groups_the_same_customers_otherwise(visitor, customers, choice, scheme):
    page = visitor.open("/segments")
    choose(page, "Scheme of segments", choice)
    first = {"score": "Champions", "cluster": "Cluster 0"}[scheme]
    expect(page.get_by_role("button", name=re.compile(first)).first).to_be_visible()
    assert query(page) == {"scheme": [scheme]}
    shown = sizes(page)
    for name, size in counted(customers, SCHEMES[scheme]).items():
        label = cluster(name) if scheme == "cluster" else name
        [found] = [text for key, text in shown.items() if key == label or key.startswith(label + " ")]
        assert found == size
    assert len(shown) == customers[SCHEMES[scheme]].nunique()


def test_a_click_on_a_segment_filters_everything(visitor, customers):
    page = visitor.open("/segments")
    page.get_by_role("button", name="High Value - At Risk").click()
    few = customers[customers["segment"] == "High Value - At Risk"]
    expect(page.locator(".intro")).to_have_text(
        f"The filters leave {count(len(few))} of {count(len(customers))} customers as of {date(AS_OF_DATE)}, "
        f"who bought for {money(few['Monetary'].sum())}."
    )
    settle(page)
    assert sizes(page) == {"High Value - At Risk": count(len(few))}
    cells = {(row[0], row[1]): row[2] for row in chart_table(page, "Recency and frequency")}
    assert cells == {(str(r), str(f)): count(size) for (r, f), size in few.groupby(["R_Score", "F_Score"]).size().items()}
    page.get_by_role("tab", name="Customers").click()
    settle(page)
    shown = table(page, "Customers")
    best = few.sort_values(["Monetary"], ascending=False)["CustomerID"].astype(int).astype(str).head(len(shown))
    assert [row[0] for row in shown] == list(best)


def test_a_cell_of_the_grid_filters_and_a_second_click_takes_it_back(visitor, customers):
    page = visitor.open("/segments")
    cell = page.get_by_role("button", name=re.compile(r"^Recency 5, frequency 5:"))
    cell.click()
    best = customers[(customers["R_Score"] == 5) & (customers["F_Score"] == 5)]
    expect(page.locator(".intro")).to_contain_text(f"The filters leave {count(len(best))} of")
    assert query(page) == {"r_score": ["5"], "f_score": ["5"]}
    settle(page)
    assert sizes(page) == counted(best, "segment")
    expect(cell).to_have_attribute("aria-pressed", "true")
    cell.click()
    expect(page.locator(".intro")).to_have_text(re.compile(f"^{count(len(customers))} customers as of"))
    assert query(page) == {}


def test_a_country_is_chosen_from_a_list_that_can_be_searched(visitor, customers):
    page = visitor.open("/segments")
    page.get_by_role("button", name="Country", exact=True).click()
    countries = page.get_by_role("dialog", name="Country")
    countries.get_by_role("searchbox", name="Search country").fill("germ")
    countries.get_by_role("checkbox", name=re.compile("Germany")).check()
    germans = customers[customers["Country"] == "Germany"]
    expect(page.locator(".intro")).to_contain_text(f"The filters leave {count(len(germans))} of")
    page.keyboard.press("Escape")
    expect(countries).to_be_hidden()
    settle(page)
    assert sizes(page) == counted(germans, "segment")
    page.get_by_role("button", name="Remove filter Germany").click()
    expect(page.locator(".intro")).to_have_text(re.compile(f"^{count(len(customers))} customers as of"))


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "parquet"])
def test_the_exported_list_holds_exactly_the_filtered_customers(visitor, customers, file_format):
    page = visitor.open("/segments?country=France&country=Germany&f_score=5&monetary_min=1000")
    few = customers[
        customers["Country"].isin(["France", "Germany"]) & (customers["F_Score"] == 5) & (customers["Monetary"] >= 1000)
    ].sort_values("Monetary", ascending=False)
    page.get_by_role("button", name="Campaign list").click()
    box = dialog(page, "Campaign list")
    expect(box).to_contain_text(f"{count(len(few))} customers, highest value first.")
    choose(box, "Format", {"csv": "CSV", "xlsx": "XLSX", "parquet": "Parquet"}[file_format])
    path, name = save(page, box.get_by_role("link", name=f"Save as {file_format.upper()}"))
    assert name.endswith(f".{file_format}")
    renamed = path.with_suffix(f".{file_format}")
    path.rename(renamed)
    assert ids_of_file(renamed, file_format) == list(few["CustomerID"].astype(int).astype(str))
    expect(box).to_be_hidden()


def test_the_exported_list_has_the_chosen_columns(visitor):
    page = visitor.open("/segments?segment=High+Value+-+Inactive")
    page.get_by_role("button", name="Campaign list").click()
    box = dialog(page, "Campaign list")
    for label in ("Country", "MaxInvoiceDate", "Cluster_Recommendation"):
        box.get_by_role("checkbox", name=label, exact=True).uncheck()
    path, _ = save(page, box.get_by_role("link", name="Save as CSV"))
    columns = list(pandas.read_csv(path).columns)
    assert "CustomerID" in columns and "recommendation" in columns
    assert not {"Country", "MaxInvoiceDate", "Cluster_Recommendation"} & set(columns)


def test_the_address_holds_what_is_seen(visitor, customers):
    page = visitor.open("/segments")
    choose(page, "Scheme of segments", "Clusters")
    page.get_by_role("button", name="Country", exact=True).click()
    page.get_by_role("dialog", name="Country").get_by_role("checkbox", name=re.compile("^France")).check()
    page.keyboard.press("Escape")
    french = customers[customers["Country"] == "France"]
    expect(page.locator(".intro")).to_contain_text(f"The filters leave {count(len(french))} of")
    settle(page)
    shown = sizes(page)
    assert sorted(shown.values()) == sorted(counted(french, "Cluster").values())
    page.reload()
    settle(page)
    assert sizes(page) == shown
    second = visitor.open(page.url)
    assert sizes(second) == shown


def test_back_and_forward_go_from_page_to_page(visitor, customers):
    page = visitor.open("/segments?country=France")
    french = (customers["Country"] == "France").sum()
    expect(page.locator(".intro")).to_contain_text(f"The filters leave {count(french)} of")
    page.get_by_role("link", name="Tables", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tables")
    page.go_back()
    expect(page.locator(".intro")).to_contain_text(f"The filters leave {count(french)} of")
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tables")
    settle(page)


def test_the_treemap_measures_revenue_or_customers(visitor, customers):
    page = visitor.open("/segments")
    by_revenue = customers.groupby("segment")["Monetary"].sum().sort_values(ascending=False)
    figure = page.get_by_role("figure", name="Segments by revenue")
    expect(figure).to_contain_text(f"{by_revenue.index[0]} is the largest by revenue with {money(by_revenue.iloc[0], 0)}")
    choose(figure, "Area of a segment", "Customers")
    by_size = customers.groupby("segment").size().sort_values(ascending=False)
    figure = page.get_by_role("figure", name="Segments by customers")
    expect(figure).to_contain_text(f"{by_size.index[0]} is the largest by customers with {count(by_size.iloc[0])}")
    assert query(page) == {"area": ["customers"]}
    rows = chart_table(page, "Segments by customers")
    assert sum(int(row[1].replace(",", "")) for row in rows) == len(customers)


def test_a_click_into_the_treemap_chooses_the_segment(visitor, customers):
    page = visitor.open("/segments")
    picture = page.get_by_role("figure", name="Segments by revenue").get_by_role("img")
    expect(picture.locator("canvas")).to_be_visible()
    box = picture.bounding_box()
    # The first and largest of a treemap stands in its upper left corner.
    picture.click(position={"x": box["width"] * 0.1, "y": box["height"] * 0.3})
    largest = customers.groupby("segment")["Monetary"].sum().idxmax()
    expect(page.get_by_role("button", name=f"Remove filter {largest}")).to_be_visible()
    settle(page)
    assert sizes(page) == {largest: count((customers["segment"] == largest).sum())}


def test_a_picture_is_saved_as_a_file_of_its_numbers(visitor, customers):
    page = visitor.open("/segments")
    path, name = save(page, page.get_by_role("button", name="Save as CSV: Segments by revenue"))
    assert name.endswith(".csv")
    saved = pandas.read_csv(path)
    assert dict(zip(saved["Segment"], saved["Customers"], strict=True)) == dict(customers.groupby("segment").size())
    path, name = save(page, page.get_by_role("button", name="Save as PNG: Segments by revenue"))
    assert name.endswith(".png") and path.read_bytes().startswith(b"\x89PNG")


def test_profiles_tell_the_medians_of_each_segment(visitor, customers):
    page = visitor.open("/segments?view=profiles")
    medians = customers.groupby("segment")["Recency"].median()
    rows = {row[0]: row for row in chart_table(page, "Recency, days since the last purchase")}
    assert set(rows) == set(medians.index)
    for name, median in medians.items():
        assert rows[name][1] == count((customers["segment"] == name).sum())
        assert float(rows[name][5]) == pytest.approx(median, abs=0.005)


def test_every_customer_is_a_point_in_space(visitor, customers):
    page = visitor.open("/segments?view=space&scheme=cluster")
    picture = page.get_by_role("application", name=re.compile("Arrow keys turn it"))
    expect(picture).to_be_visible()
    path, _ = save(page, page.get_by_role("button", name="Save as CSV: Customers in three dimensions"))
    saved = pandas.read_csv(path)
    assert len(saved) == len(customers)
    groups = collections.Counter(saved.iloc[:, [list(saved.columns).index("Segment")]].iloc[:, 0]) if "Segment" in saved else None
    assert groups == collections.Counter(cluster(one) for one in customers["Cluster"])


def test_space_has_two_dimensions_for_who_wants_them(visitor, customers):
    page = visitor.open("/segments?view=space")
    choose(page, "Dimensions", "2-D")
    figure = page.get_by_role("figure", name="Customers in two dimensions")
    expect(figure.locator("canvas")).to_be_visible()
    page.get_by_label("Across").select_option("Frequency")
    expect(figure.get_by_role("img")).to_be_visible()
    assert query(page) == {"view": ["space"], "space": ["2d"], "x": ["frequency"]}
    page.reload()
    settle(page)
    expect(page.get_by_label("Across")).to_have_value("frequency")


def test_a_browser_without_webgl_gets_two_dimensions(come, site):
    somebody = come(site)
    somebody.context.add_init_script(
        """const original = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...others) {
          return kind.startsWith('webgl') ? null : original.call(this, kind, ...others);
        };
        const offscreen = OffscreenCanvas.prototype.getContext;
        OffscreenCanvas.prototype.getContext = function (kind, ...others) {
          return kind.startsWith('webgl') ? null : offscreen.call(this, kind, ...others);
        };"""
    )
    page = somebody.open("/segments?view=space")
    expect(page.get_by_role("figure", name="Customers in two dimensions").locator("canvas")).to_be_visible()


def test_the_choice_of_k_is_explained(visitor, site):
    model = site.ask("/segments/model")
    page = visitor.open("/segments?view=model")
    best = max(model["k_search"], key=lambda one: one["combined"])
    assert best["k"] == model["k"]
    expect(region(page, f"Why {model['k']} clusters")).to_contain_text(
        f"{model['k']} clusters score {number(best['combined'], 5)}"
    )
    rows = chart_table(page, "Silhouette")
    assert [int(row[0]) for row in rows] == [one["k"] for one in model["k_search"]]
    for row, one in zip(rows, model["k_search"], strict=True):
        assert float(row[1]) == pytest.approx(one["silhouette"], abs=0.005)


def test_advice_is_given_for_each_segment(visitor, sql):
    page = visitor.open("/segments?view=advice")
    advice = sql("SELECT DISTINCT segment, recommendation FROM dlt.customer_rfm_segment_label_and_recommendation")
    items = page.get_by_role("tabpanel").get_by_role("listitem")
    expect(items).to_have_count(len(advice))
    for one in advice:
        item = items.filter(has=page.get_by_role("heading", name=one["segment"]))
        expect(item).to_contain_text(one["recommendation"])
    items.first.get_by_role("link", name="Show these customers").click()
    expect(region(page, "Customers")).to_be_visible()
    settle(page)


def test_one_day_alone_has_no_movement_and_says_so(visitor):
    page = visitor.open("/segments?view=movement")
    expect(page.get_by_role("heading", name="There is only one day to look at")).to_be_visible()
    expect(page.get_by_text("medallion run --set as_of_date=YYYY-MM-DD")).to_be_visible()


def test_customers_move_between_two_dates(come, two_dates_site, two_dates_sql):
    moves = two_dates_sql(
        f"""SELECT a.segment_current AS before, b.segment_current AS after, count(*) AS customers
            FROM ml.customer_segment_history a JOIN ml.customer_segment_history b ON a.CustomerID = b.CustomerID
            WHERE a.as_of_date = DATE '{AS_OF_DATE}' AND b.as_of_date = DATE '{NEXT_DATE}' GROUP BY 1, 2""",
    )
    came = two_dates_sql(
        f"""SELECT count(*) AS n FROM ml.customer_segment_history WHERE as_of_date = DATE '{NEXT_DATE}' AND CustomerID NOT IN
            (SELECT CustomerID FROM ml.customer_segment_history WHERE as_of_date = DATE '{AS_OF_DATE}')"""
    )[0]["n"]
    page = come(two_dates_site).open("/segments?view=movement")
    moved = sum(one["customers"] for one in moves if one["before"] != one["after"])
    stayed = sum(one["customers"] for one in moves if one["before"] == one["after"])
    figure = page.get_by_role("figure", name="Movement between segments")
    expect(figure).to_contain_text(
        f"From {date(AS_OF_DATE)} to {date(NEXT_DATE)}, {count(moved)} customers changed segment and {count(stayed)} stayed; {count(came)} came and 0 left."
    )
    rows = chart_table(page, "Movement between segments")
    assert {(row[0], row[1]): row[2] for row in rows if row[0] != "New customers"} == {(one["before"], one["after"]): count(one["customers"]) for one in moves}
    before = collections.Counter()
    for one in moves:
        before[one["before"]] += one["customers"]
    matrix = region(page, "Movement between segments, as a matrix")
    for name, size in before.items():
        row = matrix.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True))
        expect(row.locator("td").last).to_have_text(count(size))


def test_sizes_are_drawn_over_the_dates(come, two_dates_site, two_dates_sql):
    page = come(two_dates_site).open("/segments?view=movement")
    sizes_by_date = two_dates_sql(
        "SELECT as_of_date, segment_current AS name, count(*) AS customers FROM ml.customer_segment_history GROUP BY 1, 2",
    )
    rows = chart_table(page, "Size over time")
    assert [row[0] for row in rows] == [AS_OF_DATE, NEXT_DATE]
    for row in rows:
        expected = sorted(count(one["customers"]) for one in sizes_by_date if str(one["as_of_date"]) == row[0])
        assert sorted(row[1:]) == expected


def test_filters_that_leave_nobody_say_how_to_go_on(visitor):
    page = visitor.open("/segments?monetary_min=99999999")
    expect(page.get_by_role("heading", name="The filters leave no customer")).to_be_visible()
    page.get_by_role("button", name="Remove all filters").click()
    expect(region(page, "Size and value of each segment")).to_be_visible()
    settle(page)


def test_a_range_is_typed_and_nonsense_is_refused_in_words(visitor, customers):
    page = visitor.open("/segments")
    page.get_by_role("button", name="Ranges").click()
    form = page.get_by_role("form", name="Ranges of recency, frequency and monetary value")
    form.get_by_label("Frequency, orders from").fill("many")
    form.get_by_role("button", name="Apply").click()
    expect(form.get_by_role("alert")).to_have_text("Frequency, orders: “many” is no number that can be used here.")
    form.get_by_label("Frequency, orders from").fill("10")
    form.get_by_role("button", name="Apply").click()
    often = (customers["Frequency"] >= 10).sum()
    expect(page.locator(".intro")).to_contain_text(f"The filters leave {count(often)} of")
    assert query(page) == {"frequency_min": ["10"]}
    settle(page)


def test_an_address_that_a_person_mistyped_is_read_as_far_as_it_makes_sense(visitor, customers):
    page = visitor.open("/segments?scheme=nonsense&view=nothing&recency_min=abc&country=France")
    french = (customers["Country"] == "France").sum()
    expect(page.locator(".intro")).to_contain_text(f"The filters leave {count(french)} of")
    expect(page.get_by_role("tab", name="Sizes")).to_have_attribute("aria-selected", "true")


def test_the_page_moves_on_with_the_address(visitor):
    page = visitor.open("/segments?view=profiles")
    go(page, "/segments?view=advice")
    expect(page.get_by_role("tab", name="Advice")).to_have_attribute("aria-selected", "true")
