"""How much the first visit loads, and, with --acceptance, how long it takes and how smoothly points turn."""

import json
import random
import statistics

import pytest
from playwright.sync_api import expect

from .views import VIEWS, address
from .visitor import settle, when

KILOBYTE = 1000
OVERVIEW_MOST = 90 * KILOBYTE
ANY_PAGE_MOST = 400 * KILOBYTE
OVERVIEW_SECONDS = 1.0
POINTS = 100_000
FRAMES_PER_SECOND = 30


def transferred(somebody, path):
    """(address, bytes) of every answer of a first visit, as they came over the wire."""
    page = somebody.context.new_page()
    finished = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(path)
    settle(page)
    sizes = []
    for request in finished:
        size = request.sizes()
        sizes.append((request.url, size["responseHeadersSize"] + size["responseBodySize"]))
    return page, sizes


@pytest.mark.parametrize("name", ["overview", "segments", "segments profiles", "segments space", "segments movement", "customer", "quality batches",
                                  "pipeline graph", "update timeline", "table rows"])  # fmt: skip
def test_a_first_visit_is_light(come, site, name):
    somebody = come(site)
    page, sizes = transferred(somebody, address(site, name))
    total = sum(size for _, size in sizes)
    print(f"{name}: {total / KILOBYTE:.1f} kB in {len(sizes)} answers")
    assert total <= (OVERVIEW_MOST if VIEWS[name] == "/" else ANY_PAGE_MOST), sorted(sizes, key=lambda one: -one[1])[:8]
    packed = page.evaluate(
        "performance.getEntriesByType('resource').filter(({name}) => /\\.(js|css)$/.test(name)).map((one) => [one.name, one.encodedBodySize, one.decodedBodySize])"
    )
    assert all(encoded < decoded for _, encoded, decoded in packed if decoded > 2 * KILOBYTE), packed


def test_a_second_visit_loads_no_program_again(come, site):
    somebody = come(site)
    somebody.open("/")
    page = somebody.open("/")
    programs = page.evaluate(
        "performance.getEntriesByType('resource').filter(({name}) => name.includes('/assets/')).map((one) => [one.name, one.transferSize])"
    )
    assert programs and all(size == 0 for _, size in programs), programs


NOTE_WHEN_SEEN = """
new MutationObserver((_, observer) => {
  if (document.querySelector('section h2#sales') === null) return;
  observer.disconnect();
  requestAnimationFrame(() => { window.seenAt = performance.now(); });
}).observe(document, {subtree: true, childList: true});
"""


def first_sight(come, site):
    """Seconds from the request for the address until the overview is drawn and can be used."""
    somebody = come(site)
    somebody.context.add_init_script(NOTE_WHEN_SEEN)
    page = somebody.open("/")
    when(page, "() => window.seenAt !== undefined")
    return page.evaluate("seenAt") / 1000


def test_the_overview_comes_soon(come, site):
    print(f"overview after {first_sight(come, site):.2f} s")


@pytest.mark.acceptance
def test_the_overview_comes_within_a_second(come, site):
    assert statistics.median(first_sight(come, site) for _ in range(5)) <= OVERVIEW_SECONDS


def with_many_points(page):
    """Lets the page see 100,000 customers: real ones, over and over, each a little off."""

    def answer(route):
        response = route.fetch()
        told = response.json()
        source = random.Random(1)
        count = len(told["customer_id"])
        chosen = [one % count for one in range(POINTS)]
        for name, values in told.items():
            if isinstance(values, list) and len(values) == count:
                told[name] = [values[one] for one in chosen]
        told["customer_id"] = [str(one) for one in range(POINTS)]
        told["monetary"] = [value * source.uniform(0.8, 1.2) if isinstance(value, float) else value for value in told["monetary"]]
        told["total"] = POINTS
        route.fulfill(response=response, body=json.dumps(told))

    page.route("**/api/v1/segments/points*", answer)


def frames_while_turning(page, seconds=3):
    picture = page.locator("canvas[role=application]")
    expect(picture).to_be_visible()
    picture.focus()
    return page.evaluate(
        """([seconds]) => new Promise((done) => {
          const canvas = document.querySelector('canvas[role=application]');
          const begun = performance.now();
          let frames = 0;
          const turn = () => {
            canvas.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
            frames += 1;
            const passed = performance.now() - begun;
            if (passed < seconds * 1000) requestAnimationFrame(turn);
            else done(frames / (passed / 1000));
          };
          requestAnimationFrame(turn);
        })""",
        [seconds],
    )


def open_many_points(come, site):
    page = come(site).context.new_page()
    with_many_points(page)
    page.goto("/segments?view=space")
    return settle(page)


def test_a_hundred_thousand_customers_are_drawn(come, site):
    page = open_many_points(come, site)
    expect(page.locator("figure")).to_contain_text("100,000 customers")
    print(f"{POINTS} points turn at {frames_while_turning(page, 1):.0f} frames per second")


@pytest.mark.acceptance
def test_a_hundred_thousand_customers_turn_smoothly(come, site):
    assert frames_while_turning(open_many_points(come, site)) >= FRAMES_PER_SECOND
