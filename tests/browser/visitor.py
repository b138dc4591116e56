"""A person who visits the dashboard in Chromium, and all that goes wrong meanwhile."""

import re
import urllib.parse

from playwright.sync_api import expect

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
SECONDS = 1000
# Conditions are waited for this long: a busy machine is slow, but never wrong.
PATIENCE = 30 * SECONDS

LOADING = ".loading, .skeleton, [aria-busy=true], [role=status]:has-text('Loading')"

REPORT_VIOLATIONS = """
addEventListener('securitypolicyviolation', (event) =>
  medallionTestReport(`${event.violatedDirective} refused ${event.blockedURI} in ${event.documentURI}`));
"""

expect.set_options(timeout=PATIENCE)


class Visitor:
    """A browser profile of its own. Options are those of a Playwright context."""

    def __init__(self, browser, url, **options):
        self.url = url
        self.origin = urllib.parse.urlsplit(url)[:2]
        self.complaints = []
        self.expected = []
        defaults = {"viewport": DESK, "locale": "en-GB", "timezone_id": "Pacific/Auckland"}
        self.context = browser.new_context(base_url=url, **{**defaults, **options})
        self.context.set_default_timeout(PATIENCE)
        self.context.expose_binding("medallionTestReport", lambda _, text: self.complain(text))
        self.context.add_init_script(REPORT_VIOLATIONS)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda error: self.complain(f"uncaught: {error.error}"))
        self.context.on("request", self._requested)
        self.context.on("dialog", self._asked)

    def complain(self, text):
        self.complaints.append(text)

    def expect_complaint(self, pattern):
        """What matches is part of the story, such as the console's words on an answer of 404."""
        self.expected.append(pattern)

    def _said(self, message):
        if message.type == "error":
            self.complain(f"console: {message.text} ({message.location['url']})")

    def _requested(self, request):
        parts = urllib.parse.urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts[:2] != self.origin:
            self.complain(f"requested from elsewhere: {request.url}")

    def _asked(self, dialog):
        self.complain(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    def open(self, path):
        """A new tab, once what it shows is loaded."""
        page = self.context.new_page()
        return go(page, path)

    def check(self):
        for page in self.context.pages:
            page.evaluate("0")  # what is on its way has arrived after this
        wrong = [text for text in self.complaints if not any(re.search(one, text) for one in self.expected)]
        assert not wrong, wrong

    def leave(self):
        try:
            self.check()
        finally:
            self.context.close()


def go(page, path):
    page.goto(path)
    return settle(page)


def settle(page):
    """Waits until nothing is being loaded."""
    expect(page.locator("h1").first).to_be_visible()
    expect(page.locator(LOADING)).to_have_count(0)
    return page


def when(page, condition, argument=None):
    """Waits until a JavaScript function is true; what Playwright has for it needs eval, which the page's policy forbids."""
    page.evaluate(
        f"""([argument, milliseconds]) => new Promise((resolve, reject) => {{
          const condition = {condition};
          const end = performance.now() + milliseconds;
          const look = () => {{
            if (condition(argument)) resolve();
            else if (performance.now() > end) reject(new Error(`never true: ${{condition}}`));
            else setTimeout(look, 20);
          }};
          look();
        }})""",
        [argument, PATIENCE],
    )


def query(page):
    """The state that the address holds: name → values."""
    return urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query)


def table(page, name):
    """The texts of a table's rows, by the accessible name of its region."""
    rows = region(page, name).locator("tbody")
    expect(rows.locator("tr").first).to_be_visible()
    return [
        [cell.strip() for cell in cells]
        for cells in rows.evaluate(
            "body => [...body.rows].map((row) => [...row.cells].map((cell) => cell.innerText.replace(/\\s+/g, ' ')))"
        )
    ]


def tile(page, label):
    """A figure with its label."""
    return page.locator(f"xpath=//div[contains(@class, 'tile')][dt/text()[normalize-space() = '{label}']]")


def region(page, name):
    return page.get_by_role("region", name=name, exact=True)


def shown(page, total, at_once=50):
    """What stands below a list that grows: "50 of 3,291 shown"."""
    return page.get_by_text(re.compile(rf"^\s*{min(at_once, total):,}\sof\s{total:,}\s(?:orders? )?shown\s*$"))


def dialog(page, name):
    return page.get_by_role("dialog", name=name, exact=True)


def choose(page, group, option):
    """One of a few that stand side by side."""
    page.get_by_role("group", name=group, exact=True).get_by_role("radio", name=option, exact=True).check()


def chart_table(page, title):
    """The numbers of a chart, which any chart shows as a table too."""
    page.get_by_role("button", name=f"Show as table: {title}", exact=True).click()
    rows = table(page, f"{title}, as a table")
    page.get_by_role("button", name=f"Show as chart: {title}", exact=True).click()
    return rows


def save(page, control):
    """The path of the file that a click on the control saves, and the name that the browser gives it."""
    with page.expect_download() as started:
        control.click()
    download = started.value
    return download.path(), download.suggested_filename
