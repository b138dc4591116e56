"""The pipeline: its graph, and updates that are started, watched, stopped, and looked at afterwards."""

import contextlib
import re
import subprocess

import pytest
from playwright.sync_api import expect
from processes import find_update, held
from retail_server import changed_project, serve_options
from server import ended

from .visitor import chart_table, choose, dialog, query, region, settle, table, when
from .words import count

SILVER = "retail_analytics.dlt.retail_transactions_silver"
SUMMARY = "retail_analytics.dlt.segment_summary"
FAIL_ON_QUANTITY = (
    "CONSTRAINT valid_quantity EXPECT (Quantity IS NOT NULL AND Quantity > 0) ON VIOLATION DROP ROW",
    "CONSTRAINT valid_quantity EXPECT (Quantity IS NOT NULL AND Quantity > 0) ON VIOLATION FAIL UPDATE",
)

RECORD_PROGRESS = """() => {
  window.progress = [];
  window.said = [];
  const look = () => {
    const done = document.querySelector('[role=progressbar]')?.ariaValueNow;
    if (done !== undefined && progress.at(-1) !== done) progress.push(done);
    const said = document.querySelector('[role=status][aria-live=polite]')?.textContent ?? '';
    if (said !== '' && window.said.at(-1)?.text !== said) window.said.push({text: said, at: performance.now()});
  };
  new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
}"""


@pytest.fixture
def terminal(medallion, own_storage, sales_folder):
    """Starts an update as a terminal would, without waiting."""
    started = []

    def start(*options):
        arguments = medallion.retail_arguments(own_storage, sales_folder, *options, as_of_date="2026-05-01")
        process = subprocess.Popen(
            [medallion.path, *map(str, arguments)], env=medallion.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def held_update(own_site, own_storage):
    """A full refresh that stands still while silver is made, as long as the block runs: its id."""

    @contextlib.contextmanager
    def hold():
        stream = own_site.stream()
        update_id = own_site.start_update(full_refresh_all=True)
        stream.wait_for(lambda message: message.event == "flow" and message.data["flow"]["name"] == SILVER)
        with held(find_update(own_storage)):
            yield update_id
        stream.close()

    return hold


def state(page):
    """The badge that says how the update is."""
    return page.locator(".header .state .badge")


def flows(page):
    """Flow → state, rows read and written, as the table of flows has them."""
    return {row[0].split(" ")[0]: row[1:5] for row in table(page, "Flows of the update")}


def finish(server, update_id):
    detail = server.wait_for_update(update_id)
    assert detail["update"]["state"] == "COMPLETED", detail["update"]
    return detail


def test_every_dataset_is_a_node_with_its_state(visitor, site):
    page = visitor.open("/pipeline")
    datasets = site.ask("/pipeline")["datasets"]
    update = site.ask(f"/updates/{site.ask('/updates')['updates'][0]['update_id']}")
    nodes = page.locator("[data-dataset]")
    expect(nodes).to_have_count(len(datasets))
    assert {node.get_attribute("data-dataset") for node in nodes.all()} == {one["name"] for one in datasets}
    for flow in update["flows"]:
        expect(page.locator(f"[data-dataset='{flow['dataset']}']")).to_contain_text("Completed")


def test_the_graph_as_a_table_has_the_rows_that_were_written(visitor, site):
    page = visitor.open("/pipeline?as=table")
    update = site.ask(f"/updates/{site.ask('/updates')['updates'][0]['update_id']}")
    rows = {row[0].split(" ")[0]: row for row in table(page, "Datasets in order of the pipeline")}
    for flow in update["flows"]:
        row = rows[flow["dataset"].rsplit(".")[-1]]
        assert row[1:4] == ["Completed", count(flow["rows_written"]), count(flow["rows_dropped"])]


def test_a_dataset_opens_beside_the_graph_and_closes_again(visitor):
    page = visitor.open("/pipeline")
    node = page.locator(f"[data-dataset='{SILVER}']")
    node.click()
    drawer = dialog(page, "retail_transactions_silver")
    expect(drawer).to_contain_text("transformations/02_silver.sql")
    rules = table(page, "Rules of retail_transactions_silver")
    assert [row[0].split(" ")[0] for row in rules][0].startswith("valid_invoice_no")
    assert query(page)["dataset"] == [SILVER]
    page.reload()
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    settle(page)


def test_an_update_is_started_in_the_browser_and_seen_going_on(medallion, serve, sales_folder, tmp_path, come):
    server = serve(*serve_options(medallion, tmp_path / "new", sales_folder))
    page = come(server).open("/pipeline")
    page.evaluate(RECORD_PROGRESS)
    page.get_by_role("button", name="Start update").click()
    expect(page).to_have_url(re.compile("/pipeline/updates/"))
    expect(state(page)).to_have_text("Completed", timeout=120_000)
    update_id = page.url.rsplit("/")[-1]
    detail = finish(server, update_id)
    done = [int(text) for text in page.evaluate("progress")]
    assert done == sorted(done) and len(set(done)) >= 3 and done[-1] == detail["update"]["flows_total"]
    last = f"Completed: {done[-1]} of {done[-1]} flows done."
    when(page, "(last) => window.said.at(-1)?.text === last", last)
    said = page.evaluate("said")
    gaps = [after["at"] - before["at"] for before, after in zip(said, said[1:], strict=False)]
    assert all(gap > 4_900 for gap in gaps), said
    page.get_by_role("tab", name="Flows").click()
    shown = flows(page)
    for flow in detail["flows"]:
        assert shown[flow["name"].rsplit(".")[-1]][1:3] == [count(flow["rows_read"]), count(flow["rows_written"])]


def test_a_reload_in_the_middle_and_a_second_viewer_see_the_same(come, own_site, held_update):
    with held_update() as update_id:
        page = come(own_site).open(f"/pipeline/updates/{update_id}?view=flows")
        expect(state(page)).to_have_text("Running")
        before = flows(page)
        assert before["retail_transactions_bronze"][0] == "Completed" and before["segment_summary"][0] == "Queued"
        page.reload()
        settle(page)
        assert flows(page) == before
        other = come(own_site).open(f"/pipeline/updates/{update_id}?view=flows")
        assert flows(other) == before
    for one in (page, other):
        expect(state(one)).to_have_text("Completed", timeout=120_000)
    finish(own_site, update_id)
    assert flows(page) == flows(other)


def test_an_update_of_a_terminal_appears_and_nothing_else_can_be_started(come, own_site, own_storage, terminal):
    page = come(own_site).open("/pipeline")
    updates = region(page, "Updates, newest first").locator("tbody tr")
    expect(updates).to_have_count(1)
    stream = own_site.stream()
    process = terminal("--full-refresh-all")
    running = stream.wait_for(lambda message: message.event == "update" and message.data["state"] == "RUNNING")
    with held(process.pid):
        expect(updates).to_have_count(2)
        expect(updates.filter(has_text="Running")).to_contain_text("from a terminal")
        start = page.get_by_role("button", name="Start update")
        expect(start).to_be_disabled()
        expect(start).to_have_accessible_description("An update is running; the next can start when it has ended.")
    stream.wait_for(ended)
    process.wait()
    expect(updates.filter(has_text="Running")).to_have_count(0)
    expect(start).to_be_enabled()
    finish(own_site, running.data["update_id"])


def test_a_running_update_is_stopped_from_its_page(come, own_site, held_update):
    with held_update() as update_id:
        page = come(own_site).open(f"/pipeline/updates/{update_id}")
        page.get_by_role("button", name="Stop", exact=True).click()
        expect(page.get_by_text("The update was asked to stop. What is committed stays.").last).to_be_visible()
    expect(state(page)).to_have_text("Canceled", timeout=60_000)
    assert own_site.wait_for_update(update_id)["update"]["state"] == "CANCELED"
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)


def test_chosen_datasets_alone_are_refreshed(come, own_site):
    page = come(own_site).open("/pipeline")
    page.get_by_role("button", name="Choose what to start").click()
    box = dialog(page, "Start an update")
    box.get_by_role("radio", name=re.compile("^Chosen datasets")).check()
    start = box.get_by_role("button", name="Start update")
    expect(start).to_be_disabled()
    expect(box.get_by_text("Choose at least one dataset.")).to_be_visible()
    box.get_by_role("checkbox", name="segment_summary", exact=True).check()
    start.click()
    expect(page).to_have_url(re.compile("/pipeline/updates/"))
    expect(state(page)).to_have_text("Completed", timeout=60_000)
    detail = finish(own_site, page.url.rsplit("/")[-1])
    assert detail["update"]["refresh_selection"] == [SUMMARY]
    expect(page.locator(".header dl")).to_contain_text("1 dataset")


def test_a_full_refresh_has_to_be_confirmed(come, own_site):
    page = come(own_site).open("/pipeline")
    page.get_by_role("button", name="Choose what to start").click()
    box = dialog(page, "Start an update")
    box.get_by_role("radio", name=re.compile("^From nothing")).check()
    box.get_by_role("button", name="Continue").click()
    warning = dialog(page, "Remove rows and make them again?")
    stored = [one for one in own_site.ask("/pipeline")["datasets"] if one["kind"] not in ("VIEW", "PATH")]
    expect(warning).to_contain_text(f"All rows of {len(stored)} tables are removed and made again.")
    warning.get_by_role("button", name="Back").click()
    box.get_by_role("button", name="Cancel").click()
    expect(box).to_be_hidden()
    assert len(own_site.ask("/updates")["updates"]) == 1
    page.get_by_role("button", name="Choose what to start").click()
    box.get_by_role("radio", name=re.compile("^From nothing")).check()
    box.get_by_role("button", name="Continue").click()
    warning.get_by_role("button", name="Remove rows and start").click()
    expect(page).to_have_url(re.compile("/pipeline/updates/"))
    expect(state(page)).to_have_text("Completed", timeout=120_000)
    assert finish(own_site, page.url.rsplit("/")[-1])["update"]["full_refresh"]


def test_a_parameter_is_changed_for_one_update(come, own_site):
    page = come(own_site).open("/pipeline")
    page.get_by_role("button", name="Choose what to start").click()
    box = dialog(page, "Start an update")
    box.get_by_text("Parameters", exact=True).click()
    box.get_by_label("as_of_date").fill("2026-05-09")
    box.get_by_role("button", name="Start update").click()
    expect(page).to_have_url(re.compile("/pipeline/updates/"))
    expect(page.get_by_text("as_of_date = 2026-05-09")).to_be_visible()
    expect(state(page)).to_have_text("Completed", timeout=120_000)
    finish(own_site, page.url.rsplit("/")[-1])
    assert own_site.ask("/overview")["as_of_date"] == "2026-05-09"


def test_somebody_who_is_too_late_is_led_to_the_running_update(come, own_site, own_storage):
    somebody = come(own_site)
    somebody.expect_complaint("status of 409")
    page = somebody.open("/pipeline")
    faster = []

    def be_faster(route):
        faster.append(own_site.start_update(full_refresh_all=True))
        route.continue_()

    page.route("**/api/v1/updates", be_faster)
    page.get_by_role("button", name="Start update").click()
    expect(page.get_by_role("alert")).to_contain_text("An update is already running.")
    page.get_by_role("alert").get_by_role("link", name="Go to it").click()
    expect(page).to_have_url(re.compile(f"/pipeline/updates/{faster[0]}"))
    expect(state(page)).to_have_text("Completed", timeout=120_000)
    settle(page)


def test_a_failed_update_names_the_file_and_the_line(medallion, serve, own_storage, sales_folder, tmp_path, come):
    folder = changed_project(medallion, tmp_path / "project", *FAIL_ON_QUANTITY)
    server = serve("--spec", folder, "--storage", own_storage, "--set", f"source={sales_folder}")
    update_id = server.start_update(full_refresh_all=True)
    server.wait_for_update(update_id)
    page = come(server).open(f"/pipeline/updates/{update_id}?view=flows")
    expect(state(page)).to_have_text("Failed")
    text = (folder / "transformations" / "02_silver.sql").read_text().splitlines()
    line = 1 + next(index for index, one in enumerate(text) if "CREATE OR REFRESH" in one)
    row = region(page, "Flows of the update").get_by_role("row").filter(has_text="retail_transactions_silver")
    expect(row.first).to_contain_text(re.compile(rf"transformations/02_silver\.sql:{line}\b"))
    expect(row.first).to_contain_text("valid_quantity")


def test_an_update_that_cannot_begin_points_at_the_mistake(medallion, serve, own_storage, sales_folder, tmp_path, come):
    folder = changed_project(medallion, tmp_path / "project", "Price AS UnitPrice", "Prise AS UnitPrice")
    server = serve("--spec", folder, "--storage", own_storage, "--set", f"source={sales_folder}")
    page = come(server).open("/pipeline")
    page.get_by_role("button", name="Start update").click()
    expect(page.get_by_role("heading", name="Why it could not begin")).to_be_visible()
    finding = region(page, "Why it could not begin").locator(".diagnostic").first
    text = (folder / "transformations" / "02_silver.sql").read_text().splitlines()
    line = 1 + next(index for index, one in enumerate(text) if "Prise" in one)
    column = 1 + text[line - 1].index("Prise")
    expect(finding).to_contain_text(f"transformations/02_silver.sql:{line}:{column}")
    source, carets = finding.locator("pre").inner_text().splitlines()[:2]
    assert source[carets.index("^") :].startswith("Prise") and carets.count("^") == len("Prise")
    expect(state(page)).to_have_text("Failed")
    settle(page)


def test_history_is_narrowed_to_a_state(come, own_site):
    canceled = own_site.start_update(full_refresh_all=True)
    assert own_site.post(f"/updates/{canceled}/stop", {}).status == 202
    own_site.wait_for_update(canceled)
    page = come(own_site).open("/pipeline")
    rows = region(page, "Updates, newest first").locator("tbody tr")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="State", exact=True).click()
    page.get_by_role("dialog", name="State").get_by_role("checkbox", name="Completed").check()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Completed")
    assert query(page)["state"] == ["COMPLETED"]
    page.keyboard.press("Escape")
    settle(page)


def test_the_timeline_has_every_flow_that_ran(come, own_site):
    update_id = own_site.start_update(full_refresh_all=True)
    detail = finish(own_site, update_id)
    page = come(own_site).open(f"/pipeline/updates/{update_id}?view=timeline")
    drawing = page.get_by_role("img", name=re.compile("^When flows ran"))
    ran = [flow for flow in detail["flows"] if flow["started_at"]]
    expect(drawing.locator("rect.bar")).to_have_count(len(ran))
    rows = {row[0]: row for row in chart_table(page, "When flows ran")}
    for flow in ran:
        assert rows[flow["name"]][1] == "Completed"
        assert int(rows[flow["name"]][4].replace(",", "")) == pytest.approx(flow["duration_ms"], abs=2)


def test_events_are_narrowed_by_level_flow_and_words(visitor, site):
    update_id = site.ask("/updates")["updates"][0]["update_id"]
    page = visitor.open(f"/pipeline/updates/{update_id}?view=events")

    def events(**filters):
        return [one["message"] for one in site.ask(f"/updates/{update_id}/events", limit=200, **filters)["events"]]

    def messages():
        return [row[3] for row in table(page, "Events of the update, oldest first")]

    flow = SILVER
    expected = events(level="INFO", flow=flow)
    page.get_by_role("combobox", name="Flow", exact=True).select_option("retail_transactions_silver")
    expect(region(page, "Events of the update, oldest first").locator("tbody tr")).to_have_count(len(expected))
    assert messages() == [" ".join(text.split()) for text in expected]
    page.get_by_role("combobox", name="Level", exact=True).select_option("Errors")
    expect(page.get_by_text("No event is like this.")).to_be_visible()
    page.get_by_role("combobox", name="Level", exact=True).select_option("Everything")
    expect(region(page, "Events of the update, oldest first").locator("tbody tr")).to_have_count(len(events(level="METRICS", flow=flow)))
    found = events(level="METRICS", flow=flow, search="has completed")
    page.get_by_role("searchbox", name="Search messages").fill("has completed")
    expect(region(page, "Events of the update, oldest first").locator("tbody tr")).to_have_count(len(found))
    assert len(found) == 1 and messages() == found
    assert query(page) == {"view": ["events"], "flow": [flow], "level": ["METRICS"], "search": ["has completed"]}
    settle(page)


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_arrows_flow_only_where_motion_is_welcome(come, own_site, held_update, motion):
    with held_update() as update_id:
        page = come(own_site, reduced_motion=motion).open(f"/pipeline/updates/{update_id}")
        expect(page.locator(".svelte-flow__edge.flowing").first).to_be_attached()
        moving = page.evaluate("document.getAnimations().filter((one) => one.playState === 'running' && one.effect.getComputedTiming().iterations === Infinity).length")
        assert (moving > 0) == (motion == "no-preference")
    finish(own_site, update_id)


def test_a_storage_without_a_project_starts_nothing_and_says_why(serve, retail, come):
    server = serve("--storage", retail)
    reason = server.ask("/pipeline")["cannot_start_reason"]
    page = come(server).open("/pipeline")
    start = page.get_by_role("button", name="Start update")
    expect(start).to_be_disabled()
    expect(start).to_have_accessible_description(reason)
    expect(page.locator(f"[data-dataset='{SILVER}']")).to_be_visible()
