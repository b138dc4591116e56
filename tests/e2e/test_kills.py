"""Acceptance 5: whenever an update is killed, one more run makes every table whole, with every row once.

A shim ends the program at its n-th call that changes the disk (kill_at_call.c); half of the writes are torn.
./test takes a sample of the calls, ./test --acceptance takes each of them and 200 random moments more, and
writes docs/acceptance/kills.md and random_kills.md."""

import json
import random
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field

import pytest

import daily_files
import delta_log
from retail_dates import AS_OF_DATE, FIXED_CLOCK

pytestmark = pytest.mark.slow

SAMPLED_CALLS = 24
RANDOM_MOMENTS = 200
SEED = 2026
DLT = "retail_analytics/dlt"
BRONZE, SILVER = (f"{DLT}/{name}" for name in ("retail_transactions_bronze", "retail_transactions_silver"))
RUN_COLUMNS = {"_update_id"}


@dataclass
class Scene:
    """An update to be killed: the storage as it was before, and what must be there after."""

    name: str
    medallion: object
    landing: object
    before: object  # a storage folder, or None: the very first update
    shim: object
    work: object
    calls: int = 0
    expected: dict = field(default_factory=dict)

    def arguments(self, storage):
        return self.medallion.retail_arguments(
            storage, self.landing, "--fixed-clock", FIXED_CLOCK, "--threads", 2, as_of_date=AS_OF_DATE
        )

    def fresh(self):
        storage = self.work / "storage"
        shutil.rmtree(storage, ignore_errors=True)
        if self.before:
            shutil.copytree(self.before, storage)
        return storage

    def shimmed(self, storage, **variables):
        environment = {"LD_PRELOAD": str(self.shim), **{key: str(value) for key, value in variables.items()}}
        return self.medallion.run(*self.arguments(storage), env=environment)

    def prepare(self):
        """Runs once to the end: counts the calls and keeps what the tables hold."""
        storage = self.fresh()
        count = self.work / "count"
        done = self.shimmed(storage, KILL_AT=0, KILL_COUNT_FILE=count)
        assert done.code == 0, done.err
        self.calls = int(count.read_text())
        self.expected = contents(storage)
        return self

    def recover_and_check(self, storage):
        done = self.medallion.run(*self.arguments(storage))
        assert done.code == 0, f"the run after the kill failed\n{done.out}\n{done.err}"
        check(storage, self.expected)
        versions = last_versions(storage)
        self.medallion.check(*self.arguments(storage))
        assert last_versions(storage) == versions, "a run with nothing new committed"


def contents(storage):
    return {
        name: delta_log.rows(delta_log.read(path), RUN_COLUMNS)
        for name, path in delta_log.tables(storage).items()
        if not name.startswith("system/")
    }


def last_versions(storage):
    return {
        name: delta_log.check_contiguous(path)
        for name, path in delta_log.tables(storage).items()
        if name != "system/event_log"
    }


def check(storage, expected):
    tables = delta_log.tables(storage)
    for path in tables.values():
        delta_log.check_contiguous(path)
        delta_log.check_files(path)
    bronze = delta_log.read(tables[f"tables/{BRONZE}"]).select(["source_file", "source_record"]).to_pylist()
    keys = {(row["source_file"], row["source_record"]) for row in bronze}
    assert len(keys) == len(bronze), "a row is there twice"
    assert contents(storage) == expected
    check_event_log(tables["system/event_log"], len(bronze))


def check_event_log(path, bronze_rows):
    log = delta_log.read(path).to_pandas()
    assert log["id"].is_unique
    counted = 0
    for details in log[log["event_type"] == "flow_progress"]["details"]:
        quality = json.loads(details)["flow_progress"].get("data_quality", {})
        for entry in quality.get("expectations", []):
            if entry["name"] == "valid_quantity":
                counted += entry["passed_records"] + entry["failed_records"]
    assert counted == bronze_rows, "the event log counts other rows than the tables hold"


@pytest.fixture(scope="module")
def shim(tmp_path_factory, root):
    library = tmp_path_factory.mktemp("shim") / "kill_at_call.so"
    source = root / "tests" / "e2e" / "kill_at_call.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", library, source], check=True)
    return library


@pytest.fixture(scope="module")
def scenes(medallion, sales_folder, shim, tmp_path_factory):
    """`first`: three files and no storage yet. `daily`: two more files after an update of those three."""
    folder = tmp_path_factory.mktemp("kills")
    files = sorted(sales_folder.glob("*.csv"), key=lambda path: path.stat().st_size)[:5]
    landing = folder / "landing"
    daily_files.land(files[:3], landing)
    first_landing = folder / "first_landing"
    daily_files.land(files[:3], first_landing)
    before = folder / "before"
    medallion.run_retail(before, landing, "--fixed-clock", FIXED_CLOCK, as_of_date=AS_OF_DATE)
    daily_files.land(files[3:], landing)
    made = {}
    for name, place, storage in (("first", first_landing, None), ("daily", landing, before)):
        work = folder / name
        work.mkdir()
        made[name] = Scene(name, medallion, place, storage, shim, work).prepare()
    return made


def kill_at(scene, call):
    storage = scene.fresh()
    torn = {"KILL_TORN": 1} if call % 2 else {}
    done = scene.shimmed(storage, KILL_AT=call, **torn)
    # Threads make the order of calls vary: near the end the update may finish before the last call.
    assert done.code in (-signal.SIGKILL, 0), f"exit code {done.code}\n{done.err}"
    scene.recover_and_check(storage)
    return done.code != 0


@pytest.mark.parametrize("name", ["first", "daily"])
def test_a_kill_at_sampled_calls_loses_and_doubles_nothing(scenes, name):
    scene = scenes[name]
    step = max(1, scene.calls // SAMPLED_CALLS)
    killed = sum(kill_at(scene, call) for call in range(1, scene.calls + 1, step))
    assert killed >= SAMPLED_CALLS - 4


def test_two_kills_in_a_row_lose_and_double_nothing(scenes):
    """The second hits the recovery of the first."""
    scene = scenes["daily"]
    chooser = random.Random(15)
    for _ in range(6):
        storage = scene.fresh()
        scene.shimmed(storage, KILL_AT=chooser.randint(1, scene.calls))
        scene.shimmed(storage, KILL_AT=chooser.randint(1, scene.calls // 2))
        scene.recover_and_check(storage)


def test_sigterm_and_sigint_leave_whole_tables(scenes):
    scene = scenes["daily"]
    for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
        storage = scene.fresh()
        process = subprocess.Popen(
            [scene.medallion.path, *map(str, scene.arguments(storage))],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=scene.medallion.environment(),
        )
        time.sleep(0.15)
        process.send_signal(number)
        started = time.monotonic()
        _, errors = process.communicate(timeout=60)
        assert time.monotonic() - started < 5
        assert process.returncode in (code, 0), errors
        scene.recover_and_check(storage)


def kill_at_moment(scene, seconds):
    storage = scene.fresh()
    process = subprocess.Popen(
        [scene.medallion.path, *map(str, scene.arguments(storage))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=scene.medallion.environment(),
    )
    time.sleep(seconds)
    process.kill()
    killed = process.wait() != 0
    scene.recover_and_check(storage)
    return killed


@pytest.mark.acceptance
@pytest.mark.timeout(4 * 3600)
def test_every_call(scenes, root):
    killed = {name: sum(kill_at(scene, call) for call in range(1, scene.calls + 1)) for name, scene in scenes.items()}
    lines = ["| update | disk-changing calls | killed at | failures |", "| --- | --- | --- | --- |"]
    for name, scene in scenes.items():
        what = "the first, three files" if name == "first" else "two new files after three"
        lines.append(f"| {what} | {scene.calls} | {killed[name]} | 0 |")
    write_report(root, "kills.md", "Kills at every call", lines)
    assert sum(killed.values()) >= 300


@pytest.mark.acceptance
@pytest.mark.timeout(4 * 3600)
def test_random_moments(scenes, root):
    """Until so many updates were killed; those that ended first do not count."""
    scene = scenes["daily"]
    chooser = random.Random(SEED)
    storage = scene.fresh()
    started = time.monotonic()
    scene.medallion.check(*scene.arguments(storage))
    duration = time.monotonic() - started
    killed = tries = 0
    while killed < RANDOM_MOMENTS:
        tries += 1
        assert tries <= 10 * RANDOM_MOMENTS, "most updates end before they are killed"
        killed += kill_at_moment(scene, chooser.uniform(0, duration))
    lines = [
        "| update | seed | killed within | killed | ended first | failures |",
        "| --- | --- | --- | --- | --- | --- |",
        f"| two new files after three | {SEED} | {duration:.2f} s | {killed} | {tries - killed} | 0 |",
    ]
    write_report(root, "random_kills.md", "Kills at random moments", lines)


def write_report(root, name, title, lines):
    head = [
        f"# {title}",
        "",
        "Written by `./test --acceptance` (tests/e2e/test_kills.py). Each update was ended with SIGKILL at one place and run",
        "once more. Then every log was contiguous, every live file had its size and rows, every row of every landed file was in",
        "bronze exactly once (counted without DISTINCT), every table held the rows of an undisturbed update, the event log",
        "counted each row once, and a further run committed nothing.",
        "",
    ]
    (root / "docs" / "acceptance" / name).write_text("\n".join(head + lines) + "\n")
