"""Chromium, people who visit, and the servers that they visit."""

import contextlib
import shutil

import daily_files
import pytest
from playwright.sync_api import sync_playwright
from retail_server import AS_OF_DATE, serve_options
from server import Server

from .visitor import ARGUMENTS, CHROMIUM, Visitor

NEXT_DATE = "2026-05-08"


# Of every view in every theme and width, ordinary runs look at two that differ in both; --acceptance at all six.
SAMPLED = {("light", 1280), ("dark", 360)}


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.slow)
            chosen = getattr(item, "callspec", None) and item.callspec.params
            if chosen and {"theme", "width"} <= chosen.keys() and (chosen["theme"], chosen["width"]) not in SAMPLED:
                item.add_marker(pytest.mark.acceptance)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def serve(medallion):
    """Starts servers that end with the test, after everybody has left."""
    with contextlib.ExitStack() as servers:
        yield lambda *options, **others: servers.enter_context(Server(medallion, *options, **others))


@pytest.fixture
def come(chromium, serve):
    """Lets somebody visit a server. Nothing may go wrong in any visit: neither errors nor foreign requests."""
    visitors = []

    def come(server, **options):
        visitors.append(Visitor(chromium, server.url, **options))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.leave()


@pytest.fixture(scope="session")
def site(medallion, retail, sales_folder):
    """A server over the tables of all daily files, that no test changes."""
    with Server(medallion, *serve_options(medallion, retail, sales_folder)) as server:
        yield server


@pytest.fixture
def visitor(come, site):
    return come(site)


@pytest.fixture(scope="session")
def sql(medallion, retail):
    """Rows of a query on the tables that the shared server shows."""
    return lambda query: medallion.sql(retail, query)


@pytest.fixture
def own_storage(retail, tmp_path):
    """A storage of the test's own."""
    return shutil.copytree(retail, tmp_path / "storage")


@pytest.fixture
def own_site(medallion, serve, own_storage, sales_folder):
    """A server over a storage of the test's own, for updates."""
    return serve(*serve_options(medallion, own_storage, sales_folder))


@pytest.fixture(scope="session")
def two_dates(medallion, sales_folder, tmp_path_factory):
    """A storage whose customers were scored as of two dates, the first one before the last sixty files came."""
    folder = tmp_path_factory.mktemp("two_dates")
    files = sorted(sales_folder.glob("*.csv"))
    daily_files.land(files[:-60], folder / "landing")
    for day in (AS_OF_DATE, NEXT_DATE):
        medallion.run_retail(folder / "storage", folder / "landing", "--fixed-clock", f"{day}T09:00:00Z", as_of_date=day)
        daily_files.land(files[-60:], folder / "landing")
    return folder


@pytest.fixture(scope="session")
def two_dates_site(medallion, two_dates):
    with Server(medallion, *serve_options(medallion, two_dates / "storage", two_dates / "landing", NEXT_DATE)) as server:
        yield server


@pytest.fixture(scope="session")
def two_dates_sql(medallion, two_dates):
    return lambda query: medallion.sql(two_dates / "storage", query)
