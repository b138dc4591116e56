"""Updates as they happen: started here, in a terminal, stopped, killed, seen by several, after a restart."""

import json
import os
import signal
import subprocess
import time

import pytest
from retail_server import changed_project, serve_options
from server import Server, ended

pytestmark = pytest.mark.slow


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


def diagnostics_of(server, update_id):
    """What kept an update from going on; told when its process has ended, a moment after the update."""
    deadline = time.monotonic() + 30
    while not (found := server.wait_for_update(update_id)["diagnostics"]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found
    return found


def updates_of(stream, update_id):
    return [message for message in stream.messages if message.event == "update" and message.data["update_id"] == update_id]


def test_an_update_started_here_is_told_until_its_end(own_api, contract):
    stream = own_api.stream()
    answer = own_api.post("/updates", {"full_refresh_all": True})
    contract.check("startUpdate", answer)
    update_id = answer.json["update_id"]
    stream.wait_for(lambda message: ended(message) and message.data["update_id"] == update_id)
    states = [message.data["state"] for message in updates_of(stream, update_id)]
    assert states[0] == "QUEUED" and states[-1] == "COMPLETED" and "RUNNING" in states
    for message in stream.messages:
        if message.event == "flow":
            contract.check_schema({"$ref": "urn:api#/components/schemas/FlowState"}, message.data["flow"])
        if message.event == "event":
            contract.check_schema({"$ref": "urn:api#/components/schemas/Event"}, message.data)
        if message.event == "update":
            contract.check_schema({"$ref": "urn:api#/components/schemas/Update"}, message.data)
    detail = own_api.ask(f"/updates/{update_id}")
    assert detail["update"] == updates_of(stream, update_id)[-1].data
    assert detail["update"]["cause"] == "API_CALL"
    last = {message.data["flow"]["name"]: message.data["flow"] for message in stream.messages if message.event == "flow"}
    assert {flow["name"]: flow for flow in detail["flows"] if flow["name"] in last} == last
    tables = {table["name"] for message in stream.messages if message.event == "tables" for table in message.data["tables"]}
    assert "retail_analytics.dlt.segment_summary" in tables


def test_messages_come_within_a_second_of_their_event(own_api):
    stream = own_api.stream()
    update_id = own_api.start_update(full_refresh_all=True)
    stream.wait_for(lambda message: ended(message) and message.data["update_id"] == update_id)
    offset = time.time() - time.monotonic()
    delays = []
    for message in stream.messages:
        if message.event == "event":
            told = time.mktime(time.strptime(message.data["timestamp"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone
            told += float("0" + message.data["timestamp"][19:-1])
            delays.append(message.at + offset - told)
    assert len(delays) > 50
    assert sorted(delays)[len(delays) // 2] < 1


def test_an_update_of_a_terminal_appears_to_every_viewer(own_api, terminal):
    viewers = [own_api.stream() for _ in range(3)]
    process = terminal("--full-refresh-all")
    ends = [viewer.wait_for(ended) for viewer in viewers]
    process.wait()
    assert len({json.dumps(message.data) for message in ends}) == 1
    assert ends[0].data["cause"] == "USER_ACTION" and ends[0].data["state"] == "COMPLETED"
    for viewer in viewers[1:]:
        assert [m.data for m in viewer.messages if m.id] == [m.data for m in viewers[0].messages if m.id]


def test_a_viewer_that_comes_back_misses_nothing(own_api):
    whole = own_api.stream()
    first = own_api.stream()
    update_id = own_api.start_update(full_refresh_all=True)
    seen = first.wait_for(lambda message: message.event == "flow")
    first.close()
    whole.wait_for(lambda message: ended(message) and message.data["update_id"] == update_id)
    again = own_api.stream(last_event_id=seen.id)
    again.wait_for(lambda message: ended(message) and message.data["update_id"] == update_id)
    ids = [message.id for message in whole.messages if message.id]
    missed = ids[ids.index(seen.id) + 1 :]
    assert [message.id for message in again.messages if message.id][: len(missed)] == missed


def test_a_stream_of_an_earlier_server_starts_over(own_api):
    stream = own_api.stream(last_event_id="00000000-17")
    stream.wait_for(lambda message: message.event == "reset")


def test_only_one_update_runs_at_a_time(own_api):
    update_id = own_api.start_update(full_refresh_all=True)
    answer = own_api.post("/updates", {})
    assert answer.status == 409 and answer.json["code"] == "UPDATE_ALREADY_RUNNING"
    assert update_id in answer.json["detail"] or "starting" in answer.json["detail"]
    own_api.wait_for_update(update_id)


def test_a_stopped_update_says_so_and_the_next_one_goes_on(own_api, contract):
    stream = own_api.stream()
    update_id = own_api.start_update(full_refresh_all=True)
    stream.wait_for(lambda message: message.event == "flow" and message.data["flow"]["status"] == "RUNNING")
    answer = own_api.post(f"/updates/{update_id}/stop", {})
    contract.check("stopUpdate", answer)
    detail = own_api.wait_for_update(update_id)
    assert detail["update"]["state"] == "CANCELED"
    assert all(flow["status"] != "RUNNING" for flow in detail["flows"])
    assert own_api.post(f"/updates/{update_id}/stop", {}).status == 409
    # At once: the stopped process is still tidying up. In full, as what was cut off was.
    following = own_api.wait_for_update(own_api.start_update(full_refresh_all=True))
    assert following["update"]["state"] == "COMPLETED"
    assert own_api.ask("/overview")["customers"]["customers"] > 0


def test_an_update_of_a_terminal_can_be_stopped_here(own_api, terminal):
    stream = own_api.stream()
    process = terminal("--full-refresh-all")
    running = stream.wait_for(lambda message: message.event == "update" and message.data["state"] == "RUNNING")
    assert own_api.post(f"/updates/{running.data['update_id']}/stop", {}).status == 202
    assert stream.wait_for(ended).data["state"] == "CANCELED"
    assert process.wait() == 130


def test_a_killed_update_is_shown_as_failed(own_api, terminal):
    stream = own_api.stream()
    process = terminal("--full-refresh-all")
    stream.wait_for(lambda message: message.event == "update" and message.data["state"] == "RUNNING")
    process.send_signal(signal.SIGKILL)
    told = stream.wait_for(ended)
    assert told.data["state"] == "FAILED" and "process ended" in told.data["error"]
    # A full refresh that was cut off between two tables is to be repeated; an ordinary update would say so.
    following = own_api.wait_for_update(own_api.start_update(full_refresh_all=True))
    assert following["update"]["state"] == "COMPLETED"


def test_a_server_that_is_killed_leaves_the_update_alone_and_finds_it_again(medallion, own_storage, sales_folder):
    options = serve_options(medallion, own_storage, sales_folder)
    with Server(medallion, *options) as first:
        update_id = first.start_update(full_refresh_all=True)
        first.stream().wait_for(lambda message: message.event == "flow")
        first.stop(signal.SIGKILL)
    with Server(medallion, *options) as second:
        assert second.ask("/updates")["updates"][0]["update_id"] == update_id
        detail = second.wait_for_update(update_id)
        assert detail["update"]["state"] == "COMPLETED"
        assert all(flow["status"] in ("COMPLETED", "SKIPPED", "IDLE") for flow in detail["flows"])


def test_history_is_there_without_journals(medallion, own_storage, sales_folder):
    options = serve_options(medallion, own_storage, sales_folder)
    with Server(medallion, *options) as server:
        before = server.ask("/updates")
        update_id = before["updates"][0]["update_id"]
        detail = server.ask(f"/updates/{update_id}")
        events = server.ask(f"/updates/{update_id}/events", limit=500, level="METRICS")
    for journal in (own_storage / "system" / "journal").iterdir():
        journal.unlink()
    with Server(medallion, *options) as server:
        assert server.ask("/updates") == before
        assert server.ask(f"/updates/{update_id}") == detail
        assert server.ask(f"/updates/{update_id}/events", limit=500, level="METRICS") == events


def test_selected_datasets_alone_are_refreshed(own_api):
    detail = own_api.wait_for_update(own_api.start_update(full_refresh=["segment_summary"], parameters={"as_of_date": "2026-05-01"}))
    assert detail["update"]["full_refresh_selection"] == ["segment_summary"]
    ran = [flow["name"] for flow in detail["flows"] if flow["status"] == "COMPLETED" and flow["batches"]]
    assert ran == ["retail_analytics.dlt.segment_summary"]


def test_an_update_that_cannot_begin_shows_what_is_wrong(own_api, contract):
    stream = own_api.stream()
    update_id = own_api.start_update(refresh=["segment_sumary"])
    told = stream.wait_for(lambda message: ended(message) and message.data["update_id"] == update_id)
    assert told.data["state"] == "FAILED"
    contract.check("getUpdate", own_api.get(f"/updates/{update_id}"))
    [diagnostic] = diagnostics_of(own_api, update_id)
    assert "segment_sumary" in diagnostic["message"]
    assert any("segment_summary" in hint for hint in [diagnostic["message"], *diagnostic["hints"]])


def test_what_is_wrong_is_remembered_by_the_next_server(medallion, own_storage, sales_folder):
    options = serve_options(medallion, own_storage, sales_folder)
    with Server(medallion, *options) as server:
        update_id = server.start_update(refresh=["nonsense"])
        diagnostics = diagnostics_of(server, update_id)
    with Server(medallion, *options) as server:
        after = server.ask(f"/updates/{update_id}")
        assert after["diagnostics"] == diagnostics and after["update"]["state"] == "FAILED"


def test_a_mistake_in_the_project_has_its_place(medallion, own_storage, sales_folder, tmp_path):
    folder = changed_project(medallion, tmp_path / "project", "Price AS UnitPrice", "Prise AS UnitPrice")
    with Server(medallion, "--spec", folder, "--storage", own_storage, "--set", f"source={sales_folder}") as server:
        pipeline = server.ask("/pipeline")
        assert pipeline["source"] == "events" and pipeline["datasets"]
        assert {(d["file"], d["line"] > 1) for d in pipeline["diagnostics"]} == {("transformations/02_silver.sql", True)}
        diagnostic = diagnostics_of(server, server.start_update())[0]
        assert diagnostic["file"] == "transformations/02_silver.sql" and "Prise" in diagnostic["snippet"]


def test_a_flow_that_fails_says_where_it_is_defined(medallion, own_storage, sales_folder, tmp_path):
    folder = changed_project(medallion, tmp_path / "project", "CONSTRAINT valid_quantity EXPECT (Quantity IS NOT NULL AND Quantity > 0) ON VIOLATION DROP ROW",
                            "CONSTRAINT valid_quantity EXPECT (Quantity IS NOT NULL AND Quantity > 0) ON VIOLATION FAIL UPDATE")  # fmt: skip
    with Server(medallion, "--spec", folder, "--storage", own_storage, "--set", f"source={sales_folder}") as server:
        detail = server.wait_for_update(server.start_update(full_refresh_all=True))
        assert detail["update"]["state"] == "FAILED" and detail["update"]["error"]
        silver = next(flow for flow in detail["flows"] if flow["name"].endswith("silver"))
        assert silver["status"] == "FAILED"
        assert silver["error"]["file"] == "transformations/02_silver.sql" and silver["error"]["line"] > 1
        assert "valid_quantity" in silver["error"]["message"]


def test_a_storage_without_a_project_is_served_and_starts_nothing(medallion, retail):
    with Server(medallion, "--storage", retail) as server:
        assert server.ask("/overview")["customers"]["customers"] > 0
        pipeline = server.ask("/pipeline")
        assert pipeline["source"] == "events" and not pipeline["can_start"] and pipeline["cannot_start_reason"]
        silver = next(dataset for dataset in pipeline["datasets"] if dataset["short_name"] == "retail_transactions_silver")
        assert silver["file"] == "transformations/02_silver.sql" and silver["columns"]
        assert server.post("/updates", {}).status == 400


def test_an_empty_storage_is_served_and_filled_from_here(medallion, sales_folder, tmp_path, contract):
    with Server(medallion, *serve_options(medallion, tmp_path / "new", sales_folder)) as server:
        overview = server.get("/overview")
        contract.check("getOverview", overview)
        assert overview.json["sales"] is None and overview.json["updates"] == []
        for path in ("/segments", "/customers", "/segments/model"):
            assert server.get(path).status == 404
        quality = server.get("/quality")
        contract.check("getQuality", quality)
        assert server.ask("/tables") == {"tables": []}
        assert server.wait_for_update(server.start_update())["update"]["state"] == "COMPLETED"
        assert server.ask("/overview")["customers"]["customers"] > 0


def test_a_storage_that_goes_away_is_said_and_comes_back(own_api, own_storage):
    stream = own_api.stream()
    assert own_api.get("/overview").status == 200
    away = own_storage.with_name("away")
    os.rename(own_storage, away)
    deadline = time.monotonic() + 10
    while (answer := own_api.get("/overview")).status != 503 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert answer.status == 503 and answer.json["code"] == "STORAGE_NOT_AVAILABLE"
    assert own_api.request("GET", "/readyz").status == 503
    assert own_api.request("GET", "/livez").status == 200
    os.rename(away, own_storage)
    stream.wait_for(lambda message: message.event == "reset")
    assert own_api.get("/overview").status == 200


def test_a_server_that_is_told_to_stop_ends_at_once(own_api):
    streams = [own_api.stream() for _ in range(20)]
    begun = time.monotonic()
    assert own_api.stop() == 0 or own_api.process.returncode == 143
    assert time.monotonic() - begun < 3
    for stream in streams:
        assert stream.ended.wait(5)
