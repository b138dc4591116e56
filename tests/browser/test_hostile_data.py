"""Names, descriptions, numbers and files that attack whoever looks at them: they are text, everywhere."""

import re
import urllib.parse

import pandas
import pytest
from playwright.sync_api import expect
from retail_server import AS_OF_DATE, serve_options
from server import Server

from .hostile import PAYLOADS, file_name, write_sales
from .views import VIEWS, address
from .visitor import dialog, go, region, save, settle, table

SILVER = "retail_analytics.dlt.retail_transactions_silver"


@pytest.fixture(scope="module")
def hostile(medallion, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    write_sales(folder / "sales")
    arguments = medallion.retail_arguments(folder / "storage", folder / "sales", "--fixed-clock", f"{AS_OF_DATE}T09:00:00Z", as_of_date=AS_OF_DATE)
    done = medallion.run(*arguments)
    assert done.code == 1 and "set aside" in done.err + done.out, done.out + done.err
    return folder


@pytest.fixture(scope="module")
def hostile_site(medallion, hostile):
    with Server(medallion, *serve_options(medallion, hostile / "storage", hostile / "sales")) as server:
        yield server


@pytest.fixture
def victim(come, hostile_site):
    """Whatever an attack does, it calls pwn() or shows in the complaints that every visit ends with."""
    somebody = come(hostile_site)
    somebody.context.expose_binding("pwn", lambda *_: somebody.complain("an attack was executed"))
    return somebody


def cells(page, name):
    """The texts of all cells as they are, without any change of blanks."""
    return set(
        region(page, name).locator("tbody").evaluate("body => [...body.rows].flatMap((row) => [...row.cells].map((cell) => cell.textContent.trim()))")
    )


def show_all(page, name):
    more = page.get_by_role("button", name="Show more")
    while more.count():
        before = region(page, name).locator("tbody tr").count()
        more.click()
        expect(region(page, name).locator("tbody tr").nth(before)).to_be_visible()
        settle(page)


def assert_harmless(page):
    """No element was made of a text, and nothing leads to a script."""
    assert page.locator("a[href^='javascript' i], iframe, object, embed, base, meta[http-equiv], form[action], video, math").count() == 0
    assert page.evaluate("document.scripts.length") <= 3
    assert page.evaluate("[...document.querySelectorAll('*')].flatMap((one) => one.getAttributeNames()).filter((name) => name.startsWith('on'))") == []


@pytest.mark.parametrize("name", [name for name in VIEWS if name != "not found"])
def test_no_view_executes_what_it_shows(victim, hostile_site, name):
    page = victim.open(address(hostile_site, name))
    for summary in page.locator("main summary").all():
        summary.click()
    for help_button in page.locator("main [popovertarget]").all():
        help_button.press("Enter")
        help_button.press("Escape")
    settle(page)
    assert_harmless(page)


def test_every_customer_is_listed_as_text(victim):
    page = victim.open("/customers")
    show_all(page, "Customers")
    shown = cells(page, "Customers")
    assert set(PAYLOADS) <= shown
    assert_harmless(page)


def test_every_customer_has_a_page(victim):
    page = victim.open("/customers")
    for payload in PAYLOADS:
        go(page, "/customers/" + urllib.parse.quote(payload, safe=""))
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Customer {payload}")
        expect(page.locator(".intro")).to_contain_text(payload)
        order = region(page, "Orders").locator("details").last
        order.locator("summary").click()
        lines = order.locator("tbody tr").locator("td").all_text_contents()
        assert payload in [text.strip() for text in lines]
        assert page.evaluate("document.title") == f"Customer {payload} · Medallion"
        assert_harmless(page)


def test_a_customer_is_reached_from_the_list_whatever_the_number(victim):
    page = victim.open("/customers")
    for payload in ("constructor/../../%2e%2e/?a=b#c&d", "__proto__", "javascript:pwn()"):
        page.get_by_role("link", name=payload, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Customer {payload}")
        settle(page)
        page.get_by_role("link", name="All customers").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
        settle(page)


def test_countries_are_filters_whatever_their_name(victim):
    page = victim.open("/segments")
    page.get_by_role("button", name="Country", exact=True).click()
    names = page.get_by_role("dialog", name="Country").locator(".label").all_text_contents()
    assert set(PAYLOADS) <= {name.strip() for name in names}
    page.keyboard.press("Escape")
    for payload in PAYLOADS[::14]:
        go(page, "/segments?" + urllib.parse.urlencode({"country": payload, "view": "customers"}))
        expect(page.get_by_role("button", name=f"Remove filter {payload}", exact=True)).to_be_visible()
        assert [row[0] for row in table(page, "Customers")] == [" ".join(payload.split())]
        page.get_by_role("button", name="Campaign list").click()
        expect(dialog(page, "Campaign list")).to_contain_text(payload)
        page.keyboard.press("Escape")
        assert_harmless(page)


def test_pictures_of_customers_take_names_for_text(victim):
    """Rich text of charts has a syntax of its own, such as {a|x}."""
    for payload in PAYLOADS[::14]:
        search = urllib.parse.urlencode({"country": payload})
        page = victim.open(f"/segments?view=space&space=2d&{search}")
        picture = page.get_by_role("figure", name="Customers in two dimensions").get_by_role("img")
        expect(picture.locator("canvas")).to_be_visible()
        box = picture.bounding_box()
        for across in range(10):
            page.mouse.move(box["x"] + box["width"] * across / 10, box["y"] + box["height"] / 2, steps=3)
        page.get_by_role("button", name="Show as table: Customers in two dimensions").click()
        assert payload in cells(page, "Customers in two dimensions, as a table")
        assert_harmless(page)
        page.close()


def test_rejected_lines_are_text(victim):
    page = victim.open("/quality?view=quarantine")
    show_all(page, "Rows in quarantine")
    shown = cells(page, "Rows in quarantine")
    assert set(PAYLOADS) <= shown
    assert_harmless(page)


def test_files_are_named_as_they_are(victim):
    page = victim.open("/quality?view=files")
    show_all(page, "Landed files")
    names = {text.strip() for text in region(page, "Landed files").locator(".file > span:first-child").all_text_contents()}
    assert {file_name(payload) for payload in PAYLOADS} <= names
    assert {"aside " + file_name(payload) for payload in PAYLOADS} <= names
    assert_harmless(page)


def test_rows_of_tables_are_text(victim):
    page = victim.open(f"/tables/{SILVER}?filter=Country:ne:France")
    show_all(page, f"Rows of {SILVER}")
    assert set(PAYLOADS) <= cells(page, f"Rows of {SILVER}")
    assert_harmless(page)
    for payload in PAYLOADS[::14]:
        go(page, f"/tables/{SILVER}?" + urllib.parse.urlencode({"filter": f"Country:eq:{payload}"}))
        expect(page.get_by_role("button", name=f"Remove filter Country = {payload}", exact=True)).to_be_visible()
        assert payload in cells(page, f"Rows of {SILVER}")


def test_events_name_files_as_text(victim, hostile_site):
    update = hostile_site.ask("/updates")["updates"][0]["update_id"]
    page = victim.open(f"/pipeline/updates/{update}?view=events")
    show_all(page, "Events of the update, oldest first")
    text = region(page, "Events of the update, oldest first").text_content()
    assert "set aside" in text.lower()
    assert_harmless(page)


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "parquet"])
def test_exports_hold_the_same_texts(victim, file_format):
    page = victim.open("/customers")
    page.get_by_role("button", name="Campaign list").click()
    box = dialog(page, "Campaign list")
    box.get_by_role("radio", name={"csv": "CSV", "xlsx": "XLSX", "parquet": "Parquet"}[file_format]).check()
    path, name = save(page, box.get_by_role("link", name=re.compile("^Save as")))
    assert re.fullmatch(rf"[\w.-]+\.{file_format}", name)
    renamed = path.with_suffix(f".{file_format}")
    path.rename(renamed)
    read = {"csv": pandas.read_csv, "xlsx": pandas.read_excel, "parquet": pandas.read_parquet}[file_format]
    frame = read(renamed) if file_format == "parquet" else read(renamed, dtype=str, keep_default_na=False)
    guarded = {("'" + one if file_format == "csv" and one[0] in "=+-@" else one) for one in PAYLOADS}
    assert guarded <= set(frame["CustomerID"]) and guarded <= set(frame["Country"])


@pytest.mark.parametrize("payload", PAYLOADS[::14])
def test_addresses_are_text_too(victim, payload):
    """Whoever sends a link to the dashboard writes its address."""
    victim.expect_complaint("status of (400|404)")
    quoted = urllib.parse.quote(payload, safe="")
    for path in (
        f"/segments?segment={quoted}&scheme={quoted}&view={quoted}&search={quoted}&recency_min={quoted}&x={quoted}",
        f"/customers?search={quoted}&sort={quoted}",
        f"/quality?view=rules&search={quoted}&action={quoted}",
        f"/quality?view=files&search={quoted}",
        f"/pipeline?dataset={quoted}&state={quoted}",
        f"/pipeline/updates/{quoted}",
        f"/tables/{quoted}",
        f"/tables/{SILVER}?filter={quoted}&sort={quoted}&version={quoted}",
        f"/{quoted}",
        f"/?{quoted}#{quoted}",
    ):
        page = victim.context.new_page()
        response = page.goto(path)
        if response.headers["content-type"] == "application/problem+json":
            assert response.status == 404 and response.headers["x-content-type-options"] == "nosniff"
        else:
            expect(page.locator("h1").first).to_be_visible()
        assert_harmless(page)
        page.close()
