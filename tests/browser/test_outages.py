"""The server, the network, the storage and the disk fail; pages say so and recover by themselves."""

import os
import re
import shutil
import signal

import pytest
from playwright.sync_api import expect
from processes import find_update, held
from retail_server import serve_options
from small_disk import small_disk
from waiting import until

from .visitor import region, settle, table
from .words import count

AWAY = re.compile("The server is away; it is asked again by itself")


@pytest.fixture
def somebody(come):
    """Whoever sees an outage: the console tells of it too, and may."""

    def somebody(server):
        visitor = come(server)
        visitor.expect_complaint("net::ERR_|status of (502|503)")
        return visitor

    return somebody


def connection(page):
    """What the header says of the connection."""
    return page.locator(".tools .live")


def banner(page):
    return page.get_by_role("status").filter(has_text="Showing data of")


def germans(sql):
    return sql("SELECT count(*) AS n FROM ml.customer_segments s JOIN dlt.customer_analytics a ON a.CustomerID = s.CustomerID WHERE Country = 'Germany'")[0]["n"]


def filter_by_germany(page):
    page.get_by_role("button", name="Country", exact=True).click()
    page.get_by_role("dialog", name="Country").get_by_role("checkbox", name=re.compile("Germany")).check()
    page.keyboard.press("Escape")


def test_a_killed_server_is_noticed_and_its_successor_too(somebody, serve, medallion, retail, sales_folder, sql):
    options = serve_options(medallion, retail, sales_folder)
    server = serve(*options)
    page = somebody(server).open("/segments")
    expect(connection(page)).to_have_text("Live")
    server.stop(signal.SIGKILL)
    expect(connection(page)).to_have_text(re.compile("Reconnecting|Offline"))
    filter_by_germany(page)
    expect(banner(page)).to_have_text(AWAY)
    expect(region(page, "Size and value of each segment")).to_be_visible()
    serve(*options, port=server.port)
    expect(banner(page)).to_have_count(0)
    expect(connection(page)).to_have_text("Live")
    expect(page.locator(".intro")).to_contain_text(f"The filters leave {count(germans(sql))} of")
    settle(page)


def test_a_page_that_is_opened_too_early_fills_when_the_server_is_there(somebody, serve, medallion, retail, sales_folder):
    options = serve_options(medallion, retail, sales_folder)
    server = serve(*options)
    page = somebody(server).open("/")
    page.route("**/api/v1/session", lambda route: route.abort("connectionrefused"))
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("The dashboard could not start")
    expect(page.get_by_role("alert")).to_contain_text("medallion serve")
    page.unroute("**/api/v1/session")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    settle(page)


def test_an_update_that_is_watched_survives_the_death_of_the_server(somebody, serve, medallion, own_storage, sales_folder):
    options = serve_options(medallion, own_storage, sales_folder)
    server = serve(*options)
    stream = server.stream()
    update_id = server.start_update(full_refresh_all=True)
    stream.wait_for(lambda message: message.event == "flow")
    with held(find_update(own_storage)):
        page = somebody(server).open(f"/pipeline/updates/{update_id}?view=flows")
        before = table(page, "Flows of the update")
        server.stop(signal.SIGKILL)
        expect(connection(page)).to_have_text(re.compile("Reconnecting|Offline"))
        assert [row[0] for row in table(page, "Flows of the update")] == [row[0] for row in before]
        again = serve(*options, port=server.port)
        expect(connection(page)).to_have_text("Live")
    again.wait_for_update(update_id)
    expect(page.locator(".header .state .badge")).to_have_text("Completed")
    settle(page)


def test_a_browser_without_network_keeps_what_it_has(somebody, site, sql):
    visitor = somebody(site)
    page = visitor.open("/segments")
    visitor.context.set_offline(True)
    filter_by_germany(page)
    expect(banner(page)).to_have_text(AWAY)
    visitor.context.set_offline(False)
    expect(banner(page)).to_have_count(0)
    expect(page.locator(".intro")).to_contain_text(f"The filters leave {count(germans(sql))} of")
    settle(page)


def test_a_storage_that_is_moved_away_is_said_and_comes_back(somebody, own_site, own_storage, sql):
    page = somebody(own_site).open("/segments")
    away = own_storage.with_name("away")
    stream = own_site.stream()
    os.rename(own_storage, away)
    until(lambda: own_site.request("GET", "/readyz").status == 503)
    filter_by_germany(page)
    expect(banner(page)).to_have_text(AWAY)
    os.rename(away, own_storage)
    stream.wait_for(lambda message: message.event == "reset")
    expect(banner(page)).to_have_count(0)
    expect(page.locator(".intro")).to_contain_text(f"The filters leave {count(germans(sql))} of")
    settle(page)


def test_a_page_opened_without_a_storage_says_so_and_fills(somebody, own_site, own_storage):
    visitor = somebody(own_site)
    page = visitor.open("/tables")
    away = own_storage.with_name("away")
    os.rename(own_storage, away)
    until(lambda: own_site.request("GET", "/readyz").status == 503)
    page.get_by_role("link", name="Overview", exact=True).click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The overview could not be loaded")
    expect(alert).to_contain_text("storage")
    os.rename(away, own_storage)
    expect(page.get_by_role("heading", name="Sales")).to_be_visible()
    settle(page)


def test_a_full_disk_fails_the_update_in_words_and_free_space_heals_it(somebody, serve, medallion, retail, sales_folder, tmp_path):
    with small_disk(tmp_path / "disk", 64) as disk:
        storage = shutil.copytree(retail, disk.folder / "storage")
        server = serve(*serve_options(medallion, storage, sales_folder))
        page = somebody(server).open("/pipeline")
        disk.fill(server)
        update_id = server.start_update(full_refresh_all=True)
        expect(region(page, "Updates, newest first").locator("tbody tr").first).to_contain_text("Failed", timeout=60_000)
        page.goto(f"/pipeline/updates/{update_id}?view=flows")
        settle(page)
        expect(page.get_by_role("main")).to_contain_text(disk.words)
        page.get_by_role("link", name="Overview", exact=True).click()
        expect(page.get_by_role("heading", name="Sales")).to_be_visible()
        disk.free(server)
        page.get_by_role("link", name="Pipeline", exact=True).click()
        page.get_by_role("button", name="Choose what to start").click()
        page.get_by_role("radio", name=re.compile("^From nothing")).check()
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Remove rows and start").click()
        expect(page.locator(".header .state .badge")).to_have_text("Completed", timeout=120_000)
        settle(page)
        server.stop()
