"""The program's manners: exit codes, help, JSON, colours, the example project."""

import fcntl
import json
import os
import pty
import re
import select
import subprocess
import termios
import time

import pytest

ESCAPE = "\x1b"


@pytest.fixture(scope="module")
def shop(medallion, tmp_path_factory):
    """The example project after one run."""
    folder = tmp_path_factory.mktemp("shop")
    medallion.check("init", "--name", "shop", cwd=folder)
    done = medallion.check("run", cwd=folder / "shop")
    assert "update completed" in done.out
    return folder / "shop"


def test_the_example_project_fills_its_tables(medallion, shop):
    assert set(medallion.tables(shop / "storage")) == {
        f"shop.sales.{name}" for name in ("sales_bronze", "sales_silver", "daily_revenue")
    }
    days = medallion.check("sql", "--json", "SELECT * FROM daily_revenue ORDER BY SaleDate", cwd=shop).json
    assert [day["SaleDate"] for day in days] == ["2026-01-05", "2026-01-06", "2026-01-07"]
    assert all(re.fullmatch(r"\d+\.\d\d", day["revenue"]) for day in days)


def test_commands_work_from_any_folder_of_the_project(medallion, shop):
    assert medallion.check("table", "list", cwd=shop / "transformations").out.count("shop.sales.") == 3


@pytest.mark.parametrize(
    "arguments, code, message",
    [
        (["--help"], 0, ""),
        (["version"], 0, ""),
        (["rnu"], 2, "did you mean `run`?"),
        (["run", "--sorage", "x"], 2, "did you mean `--storage`?"),
        (["run", "--engine", "spark"], 2, "engine `spark` is not supported yet"),
        (["sql", "SELECT 1", "--storage", "missing"], 2, "there are no tables yet"),
        (["run", "--spec", "missing"], 2, "missing"),
        (["table", "show"], 2, "needs the name of a table"),
        ([], 2, "needs a command"),
        (["share"], 2, "has no command `share`"),
        (["serve"], 2, "no --storage"),
    ],
)
def test_exit_codes_of_the_command_line(medallion, tmp_path, arguments, code, message):
    done = medallion.run(*arguments, cwd=tmp_path)
    assert done.code == code, done.err
    assert message in done.err


def test_generated_data_replaces_no_file(medallion, tmp_path):
    days = tmp_path / "days"
    days.mkdir()
    kept = days / "2025-06-27_transactions.csv"
    kept.write_text("mine")
    arguments = ("data", "generate", "--output", days, "--days", "3", "--rows-per-day", "10")
    done = medallion.run(*arguments)
    assert done.code == 2
    assert f"{kept} exists already" in done.err and "choose an empty folder" in done.err
    assert [path.name for path in days.iterdir()] == [kept.name] and kept.read_text() == "mine"
    kept.unlink()
    medallion.check(*arguments)
    assert "and 2 more" in medallion.run(*arguments).err


def test_an_empty_storage_makes_nothing(medallion, shop, tmp_path):
    done = medallion.run("run", "--spec", shop, "--storage", "", cwd=tmp_path)
    assert done.code == 2
    assert "`--storage` has an empty value" in done.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("storage", ["dbfs:/lake", "s3:/bucket/lake", "gs://bucket/lake"])
def test_a_storage_of_another_scheme_is_refused_by_name(medallion, tmp_path, storage):
    medallion.check("init", "--name", "shop", cwd=tmp_path)
    shop = tmp_path / "shop"
    for command in ("run", "table list"):
        done = medallion.run(*command.split(), "--storage", storage, cwd=shop)
        assert done.code == 2 and storage in done.err, done.err
    spec = shop / "spark-pipeline.yml"
    spec.write_text(re.sub("(?m)^storage: .*$", f"storage: {storage}", spec.read_text()))
    before = sorted(shop.rglob("*"))
    done = medallion.run("run", cwd=shop)
    assert done.code == 2 and storage in done.err, done.err
    assert sorted(shop.rglob("*")) == before
    assert medallion.check("run", "--storage", f"file:{tmp_path}/lake", cwd=shop)
    assert (tmp_path / "lake" / "tables").is_dir()


def test_a_storage_that_cannot_be_written_is_an_environment_error(medallion, shop, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    done = medallion.run("run", "--storage", file / "storage", cwd=shop)
    assert done.code == 4
    assert str(file) in done.err


def test_data_that_breaks_a_fail_rule_is_a_failed_run(medallion, tmp_path):
    medallion.check("init", "--name", "shop", cwd=tmp_path)
    silver = tmp_path / "shop" / "transformations" / "02_silver.sql"
    silver.write_text(
        silver.read_text().replace("(Quantity > 0) ON VIOLATION DROP ROW", "(Quantity > 0) ON VIOLATION FAIL UPDATE")
    )
    done = medallion.run("run", cwd=tmp_path / "shop")
    assert done.code == 1
    assert "positive_quantity" in done.err
    # What does not depend on the failed flow is whole; what does was not run.
    assert list(medallion.tables(tmp_path / "shop" / "storage")) == ["shop.sales.sales_bronze"]


def test_a_mistake_in_the_sql_is_shown_with_its_place(medallion, tmp_path):
    medallion.check("init", "--name", "shop", cwd=tmp_path)
    gold = tmp_path / "shop" / "transformations" / "03_gold.sql"
    gold.write_text(gold.read_text().replace("sum(LineTotal)", "sum(LineTotl)"))
    done = medallion.run("dry-run", cwd=tmp_path / "shop")
    assert done.code == 2
    assert "03_gold.sql:7:7" in done.err
    assert "sum(LineTotl) AS revenue" in done.err
    assert "^^^^^^^^" in done.err
    assert "LineTotal" in done.err

    findings = medallion.run("dry-run", "--json", cwd=tmp_path / "shop")
    assert findings.code == 2
    finding = findings.json[0]
    assert finding["type"] == "diagnostic"
    assert finding["severity"] == "error"
    assert (finding["line"], finding["column"]) == (7, 7)
    assert finding["file"].endswith("03_gold.sql")
    assert finding["snippet"].strip() == "sum(LineTotl) AS revenue"


def test_every_json_command_prints_nothing_but_json(medallion, shop):
    for arguments in (
        ["version"],
        ["doctor"],
        ["dry-run"],
        ["run"],
        ["sql", "SELECT * FROM sales_silver"],
        ["table", "list"],
        ["table", "show", "sales_silver"],
        ["table", "history", "sales_silver"],
        ["events"],
    ):
        done = medallion.check(*arguments, "--json", cwd=shop)
        assert done.json, arguments
        assert all(isinstance(entry, dict) for entry in done.json)


@pytest.mark.parametrize(
    "arguments, code",
    [
        (["run", "--bogus"], "UNKNOWN_OPTION"),
        (["rnu"], "UNKNOWN_COMMAND"),
        (["events", "--limit", "x"], "INVALID_ARGUMENT"),
        (["run", "--refresh", "nope"], "PIPELINE_DATASET_NOT_FOUND"),
    ],
)
def test_findings_of_any_command_are_json(medallion, shop, arguments, code):
    done = medallion.run(*arguments, "--json", cwd=shop)
    assert done.code == 2
    last = done.json[-1]
    assert (last["type"], last["severity"], last["code"]) == ("diagnostic", "error", code)


def test_json_rows_have_unique_keys(medallion, shop):
    assert medallion.check("sql", "--json", "SELECT 1 a, 2 a", cwd=shop).out == '{"a":1,"a_2":2}\n'


def test_piped_output_has_no_escape_codes(medallion, shop):
    for arguments in (["run", "--full-refresh-all"], ["table", "list"], ["events"], ["doctor"], ["run", "--bad"]):
        done = medallion.run(*arguments, cwd=shop)
        assert ESCAPE not in done.out + done.err, arguments


def on_terminal(medallion, *arguments, cwd, env=None):
    """Runs the program on a terminal of 80 columns and returns all that it showed."""
    leader, follower = pty.openpty()
    environment = medallion.environment({"TERM": "xterm-256color", **(env or {})})
    subprocess.run(["stty", "cols", "80", "rows", "24"], stdin=follower, check=True)
    process = subprocess.Popen(
        [medallion.path, *arguments], cwd=cwd, stdin=follower, stdout=follower, stderr=follower, env=environment
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(leader)
    assert process.wait() == 0, shown.decode(errors="replace")
    return shown.decode(errors="replace")


def test_a_terminal_gets_live_lines_and_colours(medallion, shop):
    shown = on_terminal(medallion, "run", "--full-refresh-all", cwd=shop)
    assert "\x1b[?2026h" in shown and "sales_bronze" in shown
    assert "\x1b[32m" in shown
    assert "update" in shown and "completed" in shown


def test_a_table_is_cut_on_a_terminal_and_whole_in_a_pipe(medallion, shop):
    query = "SELECT repeat('x', 200) AS long, 42 AS answer"
    shown = on_terminal(medallion, "sql", query, cwd=shop)
    assert "x" * 71 + "…" in shown and "x" * 72 not in shown and "42" in shown
    assert "x" * 200 + "      42" in medallion.check("sql", query, cwd=shop).out


def test_doctor_looks_at_the_source_files(medallion, tmp_path):
    medallion.check("init", "--name", "shop", cwd=tmp_path)
    shop = tmp_path / "shop"

    def sources(code):
        done = medallion.run("doctor", "--json", cwd=shop)
        assert done.code == code
        return [(check["state"], check["detail"]) for check in done.json if check["name"] == "source files"]

    [(state, detail)] = sources(0)
    assert state == "ok" and detail.startswith("3 in ") and detail.endswith("3 new")
    for file in (shop / "daily_sales").iterdir():
        file.unlink()
    (shop / "daily_sales").rmdir()
    [(state, detail)] = sources(4)
    assert state == "failed" and "daily_sales" in detail
    assert not (shop / "storage").exists()


def test_no_color_and_the_flag_turn_colours_off(medallion, shop):
    for arguments, environment in ((["doctor"], {"NO_COLOR": "1"}), (["doctor", "--color", "never"], {})):
        assert "\x1b[3" not in on_terminal(medallion, *arguments, cwd=shop, env=environment)
    forced = medallion.check("doctor", "--color", "always", cwd=shop)
    assert "\x1b[32m" in forced.out


def test_sql_reads_statements_from_standard_input_and_files(medallion, shop, tmp_path):
    done = medallion.check("sql", "--csv", cwd=shop, stdin="SELECT 1 AS a;\nSELECT 'x,y' AS b;\n")
    assert done.out == 'a\n1\nb\n"x,y"\n'
    query = tmp_path / "query.sql"
    query.write_text("SELECT count(*) AS n FROM sales_bronze")
    assert medallion.check("sql", "--json", "-f", query, cwd=shop).json[0]["n"] > 0


class Prompt:
    """The program at a prompt on a terminal."""

    def __init__(self, medallion, *arguments, cwd):
        self.leader, follower = pty.openpty()
        self.process = subprocess.Popen(
            [medallion.path, *arguments], cwd=cwd, stdin=follower, stdout=follower, stderr=follower,
            env=medallion.environment({"TERM": "xterm"}), start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(follower)

    def type(self, text):
        os.write(self.leader, text.encode())

    def shows(self, text, seconds):
        """Whether `text` is shown within so many seconds."""
        shown = b""
        deadline = time.monotonic() + seconds
        while text.encode() not in shown:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.leader], [], [], left)[0]:
                return False
            shown += os.read(self.leader, 1)
        return True

    def wait_for(self, text):
        """What is shown up to `text`."""
        shown = b""
        while text.encode() not in shown:
            assert select.select([self.leader], [], [], 30)[0], shown.decode()
            try:
                shown += os.read(self.leader, 1)
            except OSError:
                pytest.fail(f"it ended before {text!r}: {shown.decode()}")
        return shown.decode()

    def end(self):
        """The exit code, or that of a kill if it does not leave by itself."""
        try:
            while select.select([self.leader], [], [], 10)[0] and os.read(self.leader, 65536):
                pass
        except OSError:
            pass  # it has closed the terminal
        try:
            return self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            os.close(self.leader)


def test_ctrl_c_stops_one_query_of_the_prompt_and_drops_a_half_typed_one(medallion, shop):
    prompt = Prompt(medallion, "sql", cwd=shop)
    prompt.wait_for("medallion> ")
    prompt.type("SELECT count(*) FROM " + ", ".join(f"sales_bronze s{n}" for n in range(6)) + ";\n")
    prompt.wait_for("s5;")
    # The terminal echoes the line before the program has read it: a key that comes too early is repeated.
    for _ in range(20):
        time.sleep(1)
        prompt.type("\x03")
        if prompt.shows("the query was cancelled", 5):
            break
    else:
        pytest.fail("Ctrl-C did not stop the query")
    prompt.wait_for("medallion> ")
    prompt.type("SELECT 40 + 2 AS answer;\n")
    assert "42" in prompt.wait_for("(1 row)")
    prompt.wait_for("medallion> ")
    prompt.type("SELECT nonsense\n")
    prompt.wait_for("-> ")
    prompt.type("\x03")
    prompt.wait_for("medallion> ")
    prompt.type("SELECT 43 AS answer;\n")
    assert "error" not in prompt.wait_for("(1 row)")
    prompt.type("exit\n")
    assert prompt.end() == 0


@pytest.mark.parametrize("word", [".quit", "quit", "exit", "EXIT;", ".exit"])
def test_words_of_the_prompt_work_in_a_half_typed_query(medallion, shop, word):
    prompt = Prompt(medallion, "sql", cwd=shop)
    prompt.wait_for("medallion> ")
    prompt.type("SELECT 1\n")
    prompt.wait_for("-> ")
    prompt.type("help\n")
    prompt.wait_for("Ctrl-C")
    prompt.wait_for("-> ")
    prompt.type(word + "\n")
    assert prompt.end() == 0


def test_a_terminated_prompt_leaves(medallion, shop):
    prompt = Prompt(medallion, "sql", cwd=shop)
    prompt.wait_for("medallion> ")
    prompt.process.terminate()
    assert prompt.end() == 128 + 15


def test_sql_refuses_what_is_no_query(medallion, shop):
    done = medallion.run("sql", "CREATE OR REFRESH MATERIALIZED VIEW v AS SELECT 1 AS a", cwd=shop)
    assert done.code == 2
    assert "runs queries only" in done.err


def test_sql_names_the_nearest_table(medallion, shop):
    done = medallion.run("sql", "SELECT * FROM sales_sliver", cwd=shop)
    assert done.code == 2
    assert "TABLE_OR_VIEW_NOT_FOUND" in done.err
    assert "sales_silver" in done.err
    assert "^^^^^^^^^^^^" in done.err


def test_table_show_and_history(medallion, shop):
    shown = medallion.check("table", "show", "sales_silver", "--json", cwd=shop).json[0]
    assert shown["table"] == "shop.sales.sales_silver"
    assert [column["column"] for column in shown["columns"]][:3] == ["Invoice", "StockCode", "Description"]
    assert shown["comment"] == "Clean, typed sales lines."
    history = medallion.check("table", "history", "sales_silver", "--json", cwd=shop).json
    assert history[0]["version"] == shown["version"]
    assert [entry["version"] for entry in history] == list(range(shown["version"], -1, -1))


def test_quarantine_and_system_tables_are_listed_with_all(medallion, shop):
    few = medallion.check("table", "list", cwd=shop)
    assert "quarantine." not in few.out and "table list --all" in few.err
    rows = medallion.check("table", "list", "--all", "--json", cwd=shop).json
    names = {row["table"] for row in rows}
    assert {"shop.sales.sales_silver", "quarantine.shop.sales.sales_silver", "system.event_log"} <= names
    for name in names:
        assert medallion.check("table", "show", name, "--json", cwd=shop).json[0]["table"] == name
    done = medallion.run("table", "show", "quarantine.sales_sliver", cwd=shop)
    assert done.code == 2 and "did you mean `quarantine.sales_silver`?" in done.err
    done = medallion.run("table", "show", "quarantine.daily_revenue", cwd=shop)
    assert done.code == 2 and "no row of that table was rejected" in done.err


def test_events_are_filtered_and_newest_first(medallion, shop):
    events = medallion.check("events", "--json", "--limit", "500", cwd=shop).json
    stamps = [event["timestamp"] for event in events]
    assert stamps == sorted(stamps, reverse=True)
    newest = events[0]["update_id"]
    latest = medallion.check("events", "--json", "--update", "latest", cwd=shop).json
    assert {event["update_id"] for event in latest} == {newest}
    flow = medallion.check("events", "--json", "--flow", "sales_silver", cwd=shop).json
    assert flow and all(event["flow"].endswith("sales_silver") for event in flow)
    assert all(event["level"] in ("WARN", "ERROR") for event in medallion.check("events", "--json", "--level", "WARN", cwd=shop).json)
    details = [json.loads(event["details"]) for event in events if event["event_type"] == "flow_progress"]
    assert all(list(entry) == ["flow_progress"] for entry in details)


def test_events_say_when_nothing_matched(medallion, shop):
    for filters in (["--update", "nope"], ["--flow", "nope"], ["--update", "nope", "--flow", "nope"]):
        done = medallion.check("events", *filters, cwd=shop)
        assert "no event matches" in done.err and "--" + filters[0][2:] + " nope" in done.err
        assert "medallion events" in done.err
        assert medallion.check("events", "--json", *filters, cwd=shop).out == ""


def test_the_beginning_of_an_update_id_is_enough(medallion, shop):
    medallion.check("run", cwd=shop)
    newest = medallion.check("events", "--json", "--limit", "1", cwd=shop).json[0]["update_id"]
    events = medallion.check("events", "--json", "--update", newest[:8].upper(), cwd=shop)
    assert {event["update_id"] for event in events.json} == {newest} and events.err == ""
    ids = {newest}
    while len({update[0] for update in ids}) == len(ids):  # at most 17 updates
        medallion.check("run", cwd=shop)
        ids |= {event["update_id"] for event in medallion.check("events", "--json", "--limit", "9", cwd=shop).json}
    first = [update[0] for update in ids]
    shared = max(first, key=first.count)
    done = medallion.run("events", "--update", shared, cwd=shop)
    assert done.code == 2 and "write more of the id" in done.err


def test_two_updates_at_once_do_not_mix(medallion, shop):
    """The second waits for nobody: it says who holds the lock, or it comes after and finds nothing new."""
    arguments = [medallion.path, "run", "--full-refresh-all"]
    both = [
        subprocess.Popen(arguments, cwd=shop, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=medallion.environment())
        for _ in range(2)
    ]
    ends = [(process.communicate(), process.returncode) for process in both]
    codes = sorted(code for _, code in ends)
    assert codes in ([0, 0], [0, 4]), ends
    refused = [errors for (_, errors), code in ends if code == 4]
    assert all(re.search(r"process \d+|pid \d+", text) for text in refused)
