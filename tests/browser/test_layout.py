"""Nothing sticks out, overlaps or says "undefined", in either theme, on a phone, a desk and a wall.

MEDALLION_PHOTOS=FOLDER keeps a picture of each page, for a person to look at.
"""

import os
import pathlib

import pytest

from .views import THEMES, VIEWS, WIDTHS, Viewer


@pytest.fixture(scope="module")
def viewer(chromium, two_dates_site):
    viewer = Viewer(chromium, two_dates_site)
    yield viewer
    viewer.visitor.leave()


FIND_TROUBLE = """
() => {
  const wide = document.documentElement.clientWidth;
  const describe = (one) => {
    const {left, top, width, height} = one.getBoundingClientRect();
    const place = [left, top, width, height].map(Math.round).join(',');
    return `${one.tagName.toLowerCase()}.${one.className.baseVal ?? one.className} "${one.textContent.trim().slice(0, 40)}" at ${place}`;
  };
  const isHidden = (one) => one.closest('.visually-hidden, [hidden], [popover]:not(:popover-open), dialog:not([open]), .skip') !== null
    || !one.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
  // What scrolls inside the page may be wider than the page.
  const scrolls = (one) => {
    for (let up = one.parentElement; up !== null && up !== document.body; up = up.parentElement) {
      const {overflowX} = getComputedStyle(up);
      if (overflowX !== 'visible') return true;
    }
    return false;
  };
  const trouble = [];
  if (document.documentElement.scrollWidth > wide) trouble.push(`the page is ${document.documentElement.scrollWidth} wide`);

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent.trim();
    const one = node.parentElement;
    if (text === '' || isHidden(one)) continue;
    if (/\\bundefined\\b|\\bNaN\\b|\\bnull\\b|\\[object|Infinity/.test(text) && one.closest('pre, code') === null) trouble.push(`says "${text.slice(0, 60)}"`);
    if (scrolls(one)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const {left, right} = range.getBoundingClientRect();
    if (left < -1 || right > wide + 1) trouble.push(`sticks out: ${describe(one)}`);
  }

  // Text that is cut off without a sign of it.
  for (const one of document.querySelectorAll('button, a, th, dt, dd, h1, h2, h3, label, summary, .badge')) {
    if (isHidden(one) || one.querySelector('svg.chart, canvas') !== null) continue;
    const {overflowX, textOverflow} = getComputedStyle(one);
    if (overflowX === 'hidden' && textOverflow !== 'ellipsis' && one.scrollWidth > one.clientWidth + 1) trouble.push(`is cut off: ${describe(one)}`);
  }

  // Neighbours do not lie upon each other.
  const groups = ['.tiles > *', '.tile', '.sections > *', '.columns > *', '.pictures > *', '.charts > *', '.pair > *', '.filters > *',
    '.tools > *', '.actions > *', 'nav[aria-label=Pages] li', '[role=tablist] > *', '[data-dataset]', '.aside > *', 'main .card'];
  for (const selector of groups) {
    const byParent = Map.groupBy([...document.querySelectorAll(selector)].filter((one) => !isHidden(one)),
      (one) => selector === '[data-dataset]' ? document.body : one.parentElement);
    for (const siblings of byParent.values()) {
      const boxes = siblings.map((one) => ({one, box: one.getBoundingClientRect(), position: getComputedStyle(one).position}))
        .filter(({box, position}) => box.width > 0 && box.height > 0 && position !== 'fixed' && position !== 'absolute');
      for (const [index, a] of boxes.entries()) {
        for (const b of boxes.slice(index + 1)) {
          const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
          const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
          if (across > 1.5 && down > 1.5 && !a.one.contains(b.one) && !b.one.contains(a.one)) {
            trouble.push(`overlap: ${describe(a.one)} and ${describe(b.one)}`);
          }
        }
      }
    }
  }

  // A finger needs 24 by 24 pixels, or room around (WCAG 2.5.8 is checked by axe); nothing may be without extent.
  for (const one of document.querySelectorAll('main button, main a, main input, main select')) {
    if (isHidden(one)) continue;
    const {width, height} = one.getBoundingClientRect();
    if (width < 1 || height < 1) trouble.push(`has no extent: ${describe(one)}`);
  }
  return [...new Set(trouble)].slice(0, 12);
}
"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", VIEWS)
def test_a_page_fits_its_window(viewer, name, theme, width):
    page = viewer.look(name, theme, width)
    if photos := os.environ.get("MEDALLION_PHOTOS"):
        pathlib.Path(photos).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{photos}/{name.replace(' ', '_')}-{theme}-{width}.png", full_page=True)
    assert not page.evaluate(FIND_TROUBLE)


NODES_IN_SIGHT = """
() => {
  const frame = document.querySelector('.svelte-flow').getBoundingClientRect();
  return [...document.querySelectorAll('button[data-dataset]')].filter((one) => {
    const {left, top, right, bottom} = one.getBoundingClientRect();
    return left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom;
  }).length;
}
"""


@pytest.mark.parametrize("width", WIDTHS)
def test_the_graph_of_the_pipeline_has_a_dataset_in_sight(viewer, width):
    page = viewer.look("pipeline graph", "light", width)
    assert page.evaluate(NODES_IN_SIGHT) >= 1


@pytest.mark.parametrize("name", ["overview", "segments", "pipeline table", "table rows", "quality"])
def test_a_page_is_read_at_twice_its_size(viewer, name):
    """Zoom of 200 % on a screen 1280 pixels wide leaves 640 of them."""
    page = viewer.look(name, "light", 640)
    assert not page.evaluate(FIND_TROUBLE)
