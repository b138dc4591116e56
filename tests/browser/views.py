"""Every page, with every view that it has, and the ways in which it may be looked at."""

import re

from playwright.sync_api import expect

from .visitor import Visitor, settle

SILVER = "retail_analytics.dlt.retail_transactions_silver"
THEMES = ("light", "dark")
WIDTHS = (360, 1280, 2560)
HEIGHT = 900

VIEWS = {
    "overview": "/",
    "segments": "/segments",
    "segments profiles": "/segments?view=profiles",
    "segments space": "/segments?view=space&scheme=cluster",
    "segments plane": "/segments?view=space&space=2d",
    "segments movement": "/segments?view=movement",
    "segments model": "/segments?view=model",
    "segments advice": "/segments?view=advice",
    "segments customers": "/segments?view=customers&country=France&r_score=5",
    "customers": "/customers",
    "customer": "/customers/{customer}",
    "quality": "/quality",
    "quality batches": "/quality?view=batches",
    "quality comparison": "/quality?view=comparison",
    "quality daily": "/quality?view=daily",
    "quality quarantine": "/quality?view=quarantine",
    "quality files": "/quality?view=files",
    "quality contract": "/quality?view=contract",
    "pipeline graph": "/pipeline?as=graph",
    "pipeline table": "/pipeline?as=table",
    "pipeline dataset": f"/pipeline?dataset={SILVER}",
    "update": "/pipeline/updates/{update}",
    "update timeline": "/pipeline/updates/{update}?view=timeline",
    "update flows": "/pipeline/updates/{update}?view=flows",
    "update events": "/pipeline/updates/{update}?view=events",
    "tables": "/tables",
    "table rows": f"/tables/{SILVER}?filter=Quantity:gt:100",
    "table schema": f"/tables/{SILVER}?view=schema",
    "table history": f"/tables/{SILVER}?view=history",
    "table files": f"/tables/{SILVER}?view=files",
    "table profile": f"/tables/{SILVER}?view=profile",
    "not found": "/nonsense",
}


def address(server, name):
    customer = server.ask("/customers", limit=1)["customers"][0]["customer_id"]
    update = server.ask("/updates", limit=1)["updates"][0]["update_id"]
    return VIEWS[name].format(customer=customer, update=update)


class Viewer:
    """One visitor who looks at one page after the other, in any theme and width, without loading a page twice."""

    def __init__(self, browser, server):
        self.server = server
        self.visitor = Visitor(browser, server.url, reduced_motion="reduce")
        self.page = None
        self.name = None

    def look(self, name, theme, width):
        if name != self.name:
            if self.page:
                self.page.close()
            self.page = self.visitor.open(address(self.server, name))
            self.name = name
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.emulate_media(color_scheme=theme)
        settle(self.page)
        # Charts follow a new size or theme in the frames after it.
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        for canvas in self.page.locator("[role=img] canvas").all():
            expect(canvas).to_have_attribute("width", re.compile(r"^[1-9]"))
        return self.page
