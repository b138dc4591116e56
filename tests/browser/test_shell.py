"""What surrounds every page: navigation, keyboard, theme, login, news, and what is there when nothing is there."""

import re

import pytest
from playwright.sync_api import expect
from retail_server import serve_options

from .visitor import PHONE, dialog, go, query, settle
from .words import count

TOKEN = "correct horse battery staple, and then some more"
PAGES = {
    "Overview": "/",
    "Segments": "/segments",
    "Customers": "/customers",
    "Quality": "/quality",
    "Pipeline": "/pipeline",
    "Tables": "/tables",
}


@pytest.fixture
def guarded(serve, medallion, retail, sales_folder, tmp_path):
    path = tmp_path / "token"
    path.touch(mode=0o600)
    path.write_text(TOKEN)
    return serve(*serve_options(medallion, retail, sales_folder), "--token-file", path)


@pytest.fixture
def empty_site(serve, medallion, sales_folder, tmp_path):
    """Nothing has ever run here."""
    return serve(*serve_options(medallion, tmp_path / "new", sales_folder))


def title(page):
    return page.get_by_role("heading", level=1)


def focused(page):
    """The role or tag and the name of what has the focus."""
    return page.evaluate(
        """() => {
          const one = document.activeElement;
          return (one.getAttribute('aria-label') ?? one.innerText ?? '').trim().replace(/\\s+/g, ' ');
        }"""
    )


def tab_to(page, name, key="Tab", most=80):
    """Presses the key until the focus is on what has the name, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press(key)
        if re.fullmatch(name, focused(page)):
            return
    raise AssertionError(f"{name} is not reached with {key}; the focus is on {focused(page)}")


def test_navigation_reaches_every_page_and_says_where_one_is(visitor):
    page = visitor.open("/")
    navigation = page.get_by_role("navigation", name="Pages")
    for name, path in PAGES.items():
        navigation.get_by_role("link", name=name).click()
        expect(title(page)).to_have_text(name)
        expect(navigation.locator("[aria-current=page]")).to_have_text(name)
        assert page.url.endswith(path)
        settle(page)
    expect(page).to_have_title("Tables · Medallion")


def test_a_new_page_takes_the_focus_to_its_title(visitor):
    page = visitor.open("/")
    page.get_by_role("link", name="Quality", exact=True).click()
    expect(title(page)).to_be_focused()
    settle(page)


def test_a_phone_has_the_navigation_at_its_lower_edge(come, site):
    page = come(site, viewport=PHONE, has_touch=True, is_mobile=True).open("/")
    navigation = page.get_by_role("navigation", name="Pages")
    box = navigation.bounding_box()
    assert box["y"] + box["height"] == pytest.approx(PHONE["height"], abs=2)
    for name in PAGES:
        link = navigation.get_by_role("link", name=name)
        target = link.bounding_box()
        assert target["width"] >= 44 and target["height"] >= 44
        link.tap()
        expect(title(page)).to_have_text(name)
        settle(page)


def test_a_phone_shows_the_view_that_is_chosen_among_many(come, site):
    page = come(site, viewport=PHONE, has_touch=True, is_mobile=True).open("/quality?view=contract")
    tab = page.get_by_role("tab", name="Contract")
    expect(tab).to_have_attribute("aria-selected", "true")
    box = tab.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]


def test_the_theme_is_chosen_and_stays_chosen(come, site):
    somebody = come(site, color_scheme="light")
    page = somebody.open("/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("radio", name="Dark theme").check()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.reload()
    settle(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    second = somebody.open("/tables")
    assert second.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    second.get_by_role("radio", name="Theme of the system").check()
    assert second.evaluate("getComputedStyle(document.body).backgroundColor") == light
    second.emulate_media(color_scheme="dark")
    assert second.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_the_first_tab_skips_to_the_content(visitor):
    page = visitor.open("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_pages_are_reached_by_keyboard_alone(visitor):
    page = visitor.open("/")
    tab_to(page, "Pipeline")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Pipeline")
    settle(page)
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(title(page)).to_have_text("Tables")
    settle(page)


def test_what_has_the_focus_is_seen(visitor):
    page = visitor.open("/")
    page.keyboard.press("Tab")
    unseen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        style = page.evaluate(
            """() => {
              const one = document.activeElement;
              const hasOutline = (place) => {
                if (place === null) return false;
                const {outlineStyle, outlineWidth} = getComputedStyle(place);
                return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
              };
              // What is drawn around a field may belong to its label or its form.
              return {outline: [one, one.closest('label'), one.closest('form')].some(hasOutline), isBody: one === document.body};
            }"""
        )
        if not style["outline"] and not style["isBody"]:
            unseen.append(focused(page))
    assert not unseen


def test_the_slash_searches_for_a_customer(visitor, sql):
    customer = sql("SELECT CustomerID FROM ml.customer_segments ORDER BY Monetary DESC LIMIT 1")[0]["CustomerID"]
    page = visitor.open("/quality")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search for a customer number")).to_be_focused()
    page.keyboard.type(f"{customer}\n")
    expect(title(page)).to_have_text("Customers")
    assert query(page) == {"search": [customer]}
    settle(page)


def test_the_question_mark_lists_shortcuts_and_escape_closes_them(visitor):
    page = visitor.open("/")
    page.keyboard.press("?")
    box = dialog(page, "Keyboard shortcuts")
    expect(box).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()


def test_shortcuts_can_be_turned_off(visitor):
    page = visitor.open("/")
    page.keyboard.press("?")
    dialog(page, "Keyboard shortcuts").get_by_role("checkbox", name="Shortcuts of single letters are on").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    settle(page)
    page.keyboard.press("?")
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(dialog(page, "Keyboard shortcuts")).to_be_hidden()
    expect(title(page)).to_have_text("Overview")


def test_filters_are_set_by_keyboard_alone(visitor, sql):
    spain = sql("SELECT count(*) AS n FROM ml.customer_segments s JOIN dlt.customer_analytics a ON a.CustomerID = s.CustomerID WHERE Country = 'Spain'")
    page = visitor.open("/segments")
    tab_to(page, "Country")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Country")).to_be_visible()
    tab_to(page, "Search country")
    page.keyboard.type("spain")
    expect(page.get_by_role("dialog", name="Country").get_by_role("checkbox")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator(".intro")).to_contain_text(f"The filters leave {count(spain[0]['n'])} of")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Country")).to_be_hidden()
    tab_to(page, "Sizes")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Profiles")).to_be_focused()
    expect(page.get_by_role("tab", name="Profiles")).to_have_attribute("aria-selected", "true")
    settle(page)


def test_a_segment_and_a_cell_are_chosen_by_keyboard_alone(visitor):
    page = visitor.open("/segments")
    tab_to(page, "Recency 5, frequency 5:.*")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Remove filter Recency score 5")).to_be_visible()
    settle(page)
    tab_to(page, "High Value - Active & Engaged", most=160)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Remove filter High Value - Active & Engaged")).to_be_visible()
    settle(page)


def test_arrows_walk_through_the_graph_and_enter_opens_a_node(visitor, site):
    edges = site.ask("/pipeline")["edges"]
    silver = "retail_analytics.dlt.retail_transactions_silver"
    bronze = "retail_analytics.dlt.retail_transactions_bronze"
    page = visitor.open("/pipeline")
    expect(page.locator(f"[data-dataset='{bronze}']")).to_be_visible()
    page.locator(f"[data-dataset='{bronze}']").focus()
    page.keyboard.press("ArrowRight")
    reached = page.evaluate("document.activeElement.dataset.dataset")
    assert {"from": bronze, "to": reached} in [{"from": one["from"], "to": one["to"]} for one in edges]
    page.locator(f"[data-dataset='{silver}']").focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.dataset") == bronze
    page.keyboard.press("Enter")
    drawer = dialog(page, "retail_transactions_bronze")
    expect(drawer).to_be_visible()
    expect(drawer.get_by_role("heading", name="retail_transactions_bronze")).to_be_focused()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(page.locator(f"[data-dataset='{bronze}']")).to_be_focused()


def test_a_dialog_keeps_the_focus_and_gives_it_back(visitor):
    page = visitor.open("/pipeline")
    tab_to(page, "Choose what to start")
    page.keyboard.press("Enter")
    box = dialog(page, "Start an update")
    expect(box).to_be_visible()
    for _ in range(15):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(page.get_by_role("button", name="Choose what to start")).to_be_focused()


def test_space_is_turned_by_the_arrow_keys(visitor):
    page = visitor.open("/segments?view=space")
    picture = page.get_by_role("application", name=re.compile("Arrow keys turn it"))
    picture.focus()
    labels = page.locator(".space .labels")
    before = labels.evaluate("one => one.outerHTML")
    page.keyboard.press("ArrowRight")
    expect(labels).not_to_have_js_property("outerHTML", before)
    page.keyboard.press("0")
    expect(labels).to_have_js_property("outerHTML", before)


def test_a_page_that_is_not_there_leads_back(visitor):
    page = visitor.open("/nonsense")
    expect(title(page)).to_be_visible()
    page.get_by_role("main").get_by_role("link").first.click()
    expect(title(page)).to_have_text("Overview")
    settle(page)


def test_without_a_token_there_is_only_a_login(come, guarded):
    somebody = come(guarded)
    somebody.expect_complaint("status of 401")
    page = somebody.open("/segments")
    expect(title(page)).to_have_text("Log in")
    page.get_by_label("Access token").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).not_to_be_empty()
    page.get_by_label("Access token").fill(TOKEN)
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Segments")
    settle(page)
    page.reload()
    expect(title(page)).to_have_text("Segments")
    settle(page)
    second = somebody.open("/tables")
    expect(title(second)).to_have_text("Tables")
    page.get_by_role("button", name="Log out").click()
    expect(title(page)).to_have_text("Log in")
    second.reload()
    expect(title(second)).to_have_text("Log in")
    assert TOKEN not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])")


@pytest.mark.parametrize(
    ("path", "words", "next_step"),
    [
        ("/", "There is no data yet", "medallion run"),
        ("/segments", "", "medallion run"),
        ("/customers", "", "medallion run"),
        ("/quality", "Nothing has been checked yet", "medallion run"),
        ("/pipeline", "Nothing has run yet", "medallion run"),
        ("/tables", "There are no tables yet", "medallion run"),
    ],
)
def test_an_empty_storage_says_on_each_page_what_to_do_next(come, empty_site, path, words, next_step):
    somebody = come(empty_site)
    somebody.expect_complaint("status of 404")
    page = somebody.open(path)
    main = page.get_by_role("main")
    expect(main).to_contain_text(words)
    expect(main).to_contain_text(next_step)


def test_pages_fill_while_an_update_runs(come, empty_site):
    somebody = come(empty_site)
    page = somebody.open("/")
    expect(page.get_by_role("heading", name="There is no data yet")).to_be_visible()
    update = empty_site.wait_for_update(empty_site.start_update())
    assert update["update"]["state"] == "COMPLETED"
    customers = empty_site.ask("/overview")["customers"]["customers"]
    expect(page.get_by_text(f"{count(customers)} customers").first).to_be_visible()
    settle(page)


def test_an_older_address_of_a_filter_still_works_after_a_reload(visitor):
    page = visitor.open("/customers?segment=High+Value+-+At+Risk&sort=country")
    expect(page.get_by_role("button", name="Remove filter High Value - At Risk")).to_be_visible()
    go(page, "/customers")
    expect(page.get_by_role("list", name="Filters in use")).to_have_count(0)


def test_times_are_said_in_utc_wherever_the_viewer_is(come, site):
    started = "1 May 2026, 09:00:00 UTC"
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        page = come(site, timezone_id=zone).open("/")
        expect(page.get_by_text(started).first).to_be_visible()
