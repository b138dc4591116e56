"""A page of somebody else can neither start an update, nor read data, nor show the dashboard in a frame."""

import contextlib
import http.server
import json
import threading

import pytest
from playwright.sync_api import expect

from .visitor import when

# {target} is the dashboard's API. Each attack sets window.outcome when the browser is done with it, and
# window.stolen to whatever it could read.
ATTACKS = {
    "form as url-encoded": """submit('POST', 'application/x-www-form-urlencoded', 'full_refresh_all', 'true')""",
    "form as multipart": """submit('POST', 'multipart/form-data', 'full_refresh_all', 'true')""",
    "form as text that is JSON": """submit('POST', 'text/plain', '{"full_refresh_all":true,"a":"', '"}')""",
    "form with GET": """submit('GET', 'application/x-www-form-urlencoded', 'full_refresh_all', 'true')""",
    "image": """load('img', 'src', target + '/overview')""",
    "script": """load('script', 'src', target + '/overview')""",
    "frame": """load('iframe', 'src', target + '/overview', () => { window.stolen = frames[0].document.body.innerText; })""",
    "prefetch": """{
      const link = document.createElement('link');
      link.rel = 'prefetch';
      link.href = target + '/overview';
      link.onload = link.onerror = done;
      document.head.append(link);
    }""",
    "fetch without CORS": """
      fetch(target + '/updates', {method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"full_refresh_all":true}',
        headers: {'Content-Type': 'text/plain'}})
        .then((answer) => answer.text()).then(keep).catch(() => undefined).then(done)""",
    "fetch with JSON and the dashboard's own header": """
      fetch(target + '/updates', {method: 'POST', credentials: 'include', body: '{"full_refresh_all":true}',
        headers: {'Content-Type': 'application/json', 'X-Medallion-Request': '1'}})
        .then((answer) => answer.text()).then(keep).catch(() => undefined).then(done)""",
    "fetch that reads": """
      fetch(target + '/overview', {credentials: 'include'})
        .then((answer) => answer.text()).then(keep).catch(() => undefined).then(done)""",
    "beacon": """
      navigator.sendBeacon(target + '/updates', new Blob(['{"full_refresh_all":true}'], {type: 'text/plain'}));
      fetch('/again').then(done)""",
    "event source": """{
      const source = new EventSource(target + '/events/stream', {withCredentials: true});
      source.onmessage = source.onopen = ({data}) => { keep(data ?? 'opened'); done(); };
      source.addEventListener('hello', ({data}) => { keep(data); done(); });
      source.onerror = () => { source.close(); done(); };
    }""",
    "window": """{
      const other = window.open(target + '/overview');
      setTimeout(() => { try { keep(other.document.body.innerText); } catch {} done(); }, 500);
    }""",
}

PAGE = """<!doctype html><title>evil</title><body><script>
const target = %s;
window.outcome = 'waiting';
window.stolen = '';
const keep = (text) => { window.stolen = String(text); };
const done = () => { window.outcome = 'done'; };
function load(tag, attribute, url, read = () => undefined) {
  const one = document.createElement(tag);
  one.onload = one.onerror = () => { try { read(); } catch {} done(); };
  one[attribute] = url;
  document.body.append(one);
}
function submit(method, enctype, name, value) {
  const frame = document.createElement('iframe');
  frame.name = 'sink';
  frame.onload = () => { if (frame.dataset.sent) { try { keep(frame.contentDocument.body.innerText); } catch {} done(); } };
  document.body.append(frame);
  const form = document.createElement('form');
  Object.assign(form, {method, enctype, action: target + '/updates', target: 'sink'});
  const field = document.createElement('input');
  Object.assign(field, {name, value});
  form.append(field);
  document.body.append(form);
  frame.dataset.sent = 'yes';
  form.submit();
}
%s
</script>"""


@contextlib.contextmanager
def evil_site(html, host="127.0.0.1"):
    """Serves one page, from an origin that the dashboard does not know: its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer((host, 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{host}:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def state(site):
    """What the dashboard knew before: the updates that there were."""
    return site.ask("/updates")


@pytest.fixture
def owner(come, site):
    """Somebody who has the dashboard open while visiting other pages, whose complaints are not ours."""
    somebody = come(site)
    somebody.open("/")
    somebody.expect_complaint(".*")
    return somebody


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_another_page_changes_nothing_and_reads_nothing(owner, site, state, attack, host):
    target = f"http://{site.host}:{site.port}/api/v1"
    with evil_site(PAGE % (json.dumps(target), ATTACKS[attack]), host) as address:
        page = owner.context.new_page()
        page.goto(address)
        when(page, "() => window.outcome === 'done'")
        assert page.evaluate("window.stolen") == ""
        page.close()
    assert site.ask("/updates") == state
    assert site.ask("/pipeline")["running_update_id"] is None


def test_the_dashboard_itself_may_do_all_this(owner, site):
    """The attacks would work if the requests were let through: the same ones, from the dashboard's own pages."""
    page = owner.context.pages[0]
    read = page.evaluate("fetch('/api/v1/overview').then((answer) => answer.json())")
    assert read["customers"] == site.ask("/overview")["customers"]


def test_the_dashboard_cannot_be_framed(owner, site):
    html = f"<!doctype html><iframe src='http://{site.host}:{site.port}/' width=800 height=600></iframe>"
    with evil_site(html) as address:
        page = owner.context.new_page()
        page.goto(address)
        frame = page.frames[1]
        expect(frame.locator("#app")).to_have_count(0)
        expect(frame.locator("h1:has-text('Overview')")).to_have_count(0)
        assert any("frame-ancestors" in text for text in owner.complaints) or frame.url.startswith("chrome-error:")
        page.close()


@pytest.mark.parametrize("path", ["/livez", "/api/v1/overview", "/"])
def test_another_name_for_this_machine_is_refused(owner, site, path):
    """An attacker's name that points here makes the attacker's page and the dashboard one origin."""
    page = owner.context.new_page()
    response = page.goto(f"http://rebinding.localhost:{site.port}{path}")
    assert response.status == 421
    page.close()
