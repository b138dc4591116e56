"""Many viewers while an update runs: every request is answered, none late."""

import asyncio
import collections
import json
import time

import pytest
from retail_server import serve_options
from server import Server

CONNECTIONS = 64
STREAMS = 100
THINKING_SECONDS = 0.1  # between an answer and the next request of a viewer
PATHS = [
    "/overview", "/segments", "/segments?scheme=cluster", "/segments/grid", "/segments/profiles", "/segments/model", "/segments/history",
    "/customers?limit=50", "/customers?limit=50&cluster=-1", "/customers/12346", "/quality", "/quality/files", "/updates", "/tables",
    "/tables/retail_analytics.dlt.segment_summary/rows",
]  # fmt: skip


class Load:
    """What clients saw."""

    def __init__(self):
        self.seconds = collections.defaultdict(list)  # cached, computed → durations
        self.errors = []
        self.messages = 0

    def percentile(self, kind, share):
        ordered = sorted(self.seconds[kind])
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0


async def read_answer(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
    await reader.readexactly(int(headers["Content-Length"]))
    return int(head.split(" ", 2)[1]), headers


async def view(server, load, until, first):
    """One browser: asks for pages in turn on one connection."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    place = first
    while time.monotonic() < until:
        path = PATHS[place % len(PATHS)]
        place += 1
        begun = time.monotonic()
        writer.write(f"GET /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        status, headers = await read_answer(reader)
        load.seconds[headers.get("Server-Timing", "other")].append(time.monotonic() - begun)
        if status != 200:
            load.errors.append((path, status))
        await asyncio.sleep(THINKING_SECONDS)
    writer.close()


async def follow(server, load, until):
    """One event stream that must stay open."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(b"GET /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    while (left := until - time.monotonic()) > 0:
        try:
            piece = await asyncio.wait_for(reader.read(1 << 20), left)
        except TimeoutError:
            break
        if not piece:
            load.errors.append(("/events/stream", "ended"))
            break
        load.messages += piece.count(b"\nevent: ")
    writer.close()


async def update(server, load, until):
    """Full refreshes one after the other."""
    updates = 0
    while time.monotonic() < until:
        body = json.dumps({"full_refresh_all": True})
        answer = await asyncio.to_thread(
            server.request, "POST", "/api/v1/updates", body, {"Content-Type": "application/json", "X-Medallion-Request": "1"}
        )
        if answer.status != 202:
            load.errors.append(("/updates", answer.status))
            break
        ended = await asyncio.to_thread(server.wait_for_update, answer.json["update_id"])
        if ended["update"]["state"] != "COMPLETED":
            load.errors.append(("update", ended["update"]["state"]))
        updates += 1
    return updates


async def run(server, seconds):
    load = Load()
    until = time.monotonic() + seconds
    clients = [view(server, load, until, i) for i in range(CONNECTIONS)] + [follow(server, load, until) for _ in range(STREAMS)]
    updates, *outcomes = await asyncio.gather(update(server, load, until), *clients, return_exceptions=True)
    load.errors += [repr(outcome) for outcome in outcomes if isinstance(outcome, BaseException)]
    return load, updates


def describe(load, updates, seconds):
    lines = [
        "# Many viewers during updates",
        "",
        f"{CONNECTIONS} connections that ask for the pages' data in turn, {THINKING_SECONDS * 1000:.0f} ms after each answer, and {STREAMS} "
        f"event streams, for {seconds} s, while full refreshes of the retail pipeline run one after the other on the same machine "
        "(client, server and updates share its cores). Made by `./test --acceptance`.",
        "",
        "| answers | number | median ms | p99 ms | slowest ms | bar: p99 |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for kind, bar in (("cached", 100), ("computed", 500)):
        lines.append(
            f"| {kind} | {len(load.seconds[kind]):,} | {1000 * load.percentile(kind, 0.5):.1f} | {1000 * load.percentile(kind, 0.99):.1f} | "
            f"{1000 * max(load.seconds[kind], default=0):.1f} | {bar} |"
        )
    lines += ["", f"Updates that ended: {updates}. Live messages received: {load.messages:,}. Errors: {len(load.errors)}."]
    return "\n".join(lines) + "\n"


def test_a_few_viewers_of_each_kind_are_served(medallion, own_storage, sales_folder):
    with Server(medallion, *serve_options(medallion, own_storage, sales_folder)) as server:
        load, _ = asyncio.run(run(server, 5))
        assert load.errors == []
        assert load.seconds["cached"] and load.seconds["computed"] and load.messages
        assert server.request("GET", "/livez").status == 200


@pytest.mark.acceptance
def test_viewers_are_served_for_a_minute(medallion, own_storage, sales_folder, root):
    with Server(medallion, *serve_options(medallion, own_storage, sales_folder)) as server:
        load, updates = asyncio.run(run(server, 60))
        (root / "docs" / "acceptance" / "serve_load.md").write_text(describe(load, updates, 60))
        assert load.errors == []
        assert load.percentile("cached", 0.99) <= 0.1
        assert load.percentile("computed", 0.99) <= 0.5
