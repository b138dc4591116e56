"""axe finds nothing serious on any page, in either theme, on a phone, a desk and a wall."""

import pytest

from .views import THEMES, VIEWS, WIDTHS, Viewer

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def axe(root):
    return (root / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture(scope="module")
def viewer(chromium, two_dates_site):
    viewer = Viewer(chromium, two_dates_site)
    yield viewer
    viewer.visitor.leave()


def offences(page, axe):
    page.evaluate(f"window.axe === undefined && (() => {{ {axe} }})()")
    violations = page.evaluate(
        """async (rules) => {
          const {violations} = await axe.run(document, {runOnly: rules, resultTypes: ['violations']});
          return violations.flatMap(({id, impact, nodes}) => nodes.map(({target, failureSummary}) =>
            ({id, impact, target: target.join(' '), why: failureSummary})));
        }""",
        RULES,
    )
    return [one for one in violations if one["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", VIEWS)
def test_nothing_keeps_anybody_from_using_a_page(viewer, axe, name, theme, width):
    assert not offences(viewer.look(name, theme, width), axe)


DIALOGS = {
    "Keyboard shortcuts": ("/", "Keyboard shortcuts"),
    "Campaign list": ("/segments", "Campaign list"),
    "Country": ("/segments", "Country"),
    "Ranges": ("/segments", "Ranges"),
    "Start an update": ("/pipeline", "Choose what to start"),
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", DIALOGS)
def test_nothing_keeps_anybody_from_using_a_dialog(come, two_dates_site, axe, name, theme):
    path, button = DIALOGS[name]
    page = come(two_dates_site, color_scheme=theme).open(path)
    page.get_by_role("button", name=button, exact=True).click()
    assert not offences(page, axe)


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_keeps_anybody_from_logging_in(come, serve, retail, tmp_path, axe, theme):
    server = serve("--storage", retail, "--token-file", tmp_path / "token")
    somebody = come(server, color_scheme=theme)
    somebody.expect_complaint("status of 401")
    assert not offences(somebody.open("/"), axe)
