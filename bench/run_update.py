#!/usr/bin/env python3
"""What an update costs (acceptance 9). Run with the Python of the tests, which has DuckDB 1.4.4.

  run_update.py [--pairs N] [--program PATH] [--source DIR] [--work DIR] [--report FILE]

  ratio    interleaved pairs of a whole update from nothing and of bench/plain_duckdb.py, median of the ratios
  memory   peak resident set of the update
  scale    ten times the rows (generated), relative time
  daily    one new file after all: seconds, and bytes read from the source relative to that file's size

The yardstick is timed from its first statement, without the start of Python.
"""

import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
AS_OF_DATE = "2026-05-01"
CLOCK = "2026-05-01T09:00:00Z"
AGED = 1772323200  # 2026-03-01: before the fixed clock

BARS = {"ratio": 1.6, "memory_mib": 600, "scale": 10.5, "daily_seconds": 1.0, "daily_bytes": 1.1}


def measured(command):
    """Wall seconds, peak resident KiB and output of a command that must succeed."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        out.seek(0)
        text = out.read().decode()
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{command} failed:\n{text}")
    return seconds, usage.ru_maxrss, text


def update_command(program, source, storage):
    return [program, "run", "--spec", ROOT / "pipelines" / "retail", "--storage", storage, "--set", f"source={source}",
            "--set", f"as_of_date={AS_OF_DATE}", "--fixed-clock", CLOCK]


def aged(folder):
    for path in pathlib.Path(folder).iterdir():
        os.utime(path, (AGED, AGED))


def pair(program, source, work, threads):
    storage, plain = work / "storage", work / "plain"
    shutil.rmtree(storage, ignore_errors=True)
    shutil.rmtree(plain, ignore_errors=True)
    ours, peak, _ = measured(update_command(program, source, storage))
    _, _, text = measured([sys.executable, ROOT / "bench" / "plain_duckdb.py", source, plain, AS_OF_DATE, threads])
    return ours, float(text), peak


def bytes_read(command, source):
    """Bytes that read calls returned from files below `source`, by strace."""
    with tempfile.NamedTemporaryFile("r") as log:
        calls = "read,pread64,preadv,readv"
        subprocess.run(["strace", "-f", "-y", "-e", f"trace={calls}", "-o", log.name, *map(str, command)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        pattern = re.compile(rf"\w+\(\d+<{re.escape(str(source))}/[^>]*>.* = (\d+)$")
        return sum(int(match[1]) for line in log if (match := pattern.search(line)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--program", default=ROOT / "build" / "release" / "medallion", type=pathlib.Path)
    parser.add_argument("--source", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--report", type=pathlib.Path)
    options = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="medallion-bench-", dir=options.work))
    threads = os.cpu_count()

    real = ROOT.parent / "shared" / "data" / "daily_sales"
    source = work / "daily_sales"
    if options.source or real.is_dir():
        shutil.copytree(options.source or real, source)
    else:
        measured([options.program, "data", "generate", "--output", source])
    aged(source)
    results = {}

    pairs = [pair(options.program, source, work, threads) for _ in range(options.pairs)]
    results["ratio"] = statistics.median(ours / plain for ours, plain, _ in pairs)
    results["memory_mib"] = max(peak for _, _, peak in pairs) / 1024
    print(f"update {statistics.median(p[0] for p in pairs):.2f} s, plain DuckDB {statistics.median(p[1] for p in pairs):.2f} s, "
          f"median ratio of {options.pairs} pairs {results['ratio']:.2f}, peak {results['memory_mib']:.0f} MiB")

    # One more day after all the others.
    files = sorted(source.iterdir())
    newest = work / files[-1].name
    files[-1].rename(newest)
    shutil.rmtree(work / "storage")
    measured(update_command(options.program, source, work / "storage"))
    shutil.copytree(work / "storage", work / "storage_before")
    newest.rename(files[-1])
    results["daily_seconds"], _, _ = measured(update_command(options.program, source, work / "storage"))
    read = bytes_read(update_command(options.program, source, work / "storage_before"), source)
    results["daily_bytes"] = read / files[-1].stat().st_size
    print(f"one new file after {len(files) - 1}: {results['daily_seconds']:.2f} s, {read} bytes read from the source, "
          f"{results['daily_bytes']:.2f} of the file")

    times = {}
    for factor in (1, 10):
        generated = work / f"generated{factor}"
        measured([options.program, "data", "generate", "--output", generated, "--rows-per-day", 1463 * factor])
        aged(generated)
        runs = []
        for _ in range(3):
            shutil.rmtree(work / "storage", ignore_errors=True)
            runs.append(measured(update_command(options.program, generated, work / "storage"))[:2])
        times[factor] = statistics.median(seconds for seconds, _ in runs)
        results["memory_mib"] = max(results["memory_mib"], *(peak / 1024 for _, peak in runs))
    results["scale"] = times[10] / times[1]
    print(f"ten times the rows: {times[1]:.2f} s and {times[10]:.2f} s, {results['scale']:.1f} times; "
          f"peak {results['memory_mib']:.0f} MiB")

    shutil.rmtree(work)
    lines = [f"| {name} | {value:.2f} | ≤ {BARS[name]} | {'met' if value <= BARS[name] else 'missed'} |"
             for name, value in results.items()]
    table = "\n".join(["| measure | value | bar | |", "| --- | --- | --- | --- |", *lines])
    print(table)
    if options.report:
        options.report.write_text(f"# Cost of an update\n\nWritten by bench/run_update.py on {threads} cores.\n\n{table}\n")
    return 0 if all(value <= BARS[name] for name, value in results.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
