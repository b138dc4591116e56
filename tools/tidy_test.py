#!/usr/bin/env python3
"""Review remarks as checks, over the tracked files. Run by CTest as `tidy`; prints what it finds and fails.

  targets   every source file of ours is named in its folder's CMakeLists.txt
  links     relative links of the documentation lead to something
  clocks    time, randomness and the environment are read in src/base and the program's main alone
  includes  no module includes a header of a layer above it, and public headers come by full path
  traces    no machine's paths and no marks of unfinished work
  format    every C++ file is as clang-format writes it
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Lowest first; a module may include headers of its own and of lower lines.
LAYERS = {
    "base": 0,
    "storage": 1,
    "delta": 2,
    "sql": 1,
    "catalog": 3,
    "ingest": 2,
    "engine": 4,
    "pipeline": 5,
    "retail": 2,
    "ml": 1,
    "engine_duckdb": 5,
    "cli": 6,
}
FORBIDDEN_CALLS = {
    r"std::chrono::(system|steady|high_resolution)_clock": "ask the Clock",
    r"\bgettimeofday\(|\bclock_gettime\(|[^_\w.>]time\((nullptr|NULL|0)\)": "ask the Clock",
    r"std::random_device|\brand\(\)": "ask the Random",
    r"\bgetenv\(": "take it as a parameter",
    r"std::regex": "use RE2",
}
# The version whose output the tree has; others break lines elsewhere.
CLANG_FORMAT = "clang-format-19"
MAY_CALL = {"src/base/clock.cc", "src/base/random.cc", "src/cli/main.cc"}


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [pathlib.Path(name) for name in listed.decode().split("\0") if name and (ROOT / name).exists()]


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def module_of(path):
    parts = path.parts
    if parts[:3] == ("src", "engine", "duckdb"):
        return "engine_duckdb"
    return parts[1] if len(parts) > 2 and parts[0] == "src" else None


def check_targets(files):
    for path in files:
        if path.suffix != ".cc" or path.parts[0] not in ("src", "bench", "fuzz", "tests", "tools"):
            continue
        folder = path.parent
        while folder != pathlib.Path(".") and not (ROOT / folder / "CMakeLists.txt").exists():
            folder = folder.parent
        lists = ROOT / folder / "CMakeLists.txt"
        name = str(path.relative_to(folder))
        if not lists.exists() or not re.search(rf"(?<![\w/]){re.escape(name)}\b", lists.read_text()):
            yield f"{path}: in no target of {folder}/CMakeLists.txt"


def check_links(files):
    for path in files:
        if path.suffix != ".md":
            continue
        body = re.sub(r"```.*?```", "", text_of(path), flags=re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", body):
            if re.match(r"[a-z]+:|#", target):
                continue
            if not (ROOT / path.parent / target.split("#")[0]).exists():
                yield f"{path}: dead link {target}"


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.S)


def check_clocks(files):
    for path in files:
        if path.suffix not in (".cc", ".h") or path.parts[0] != "src" or str(path) in MAY_CALL:
            continue
        if path.name.endswith(("_test.cc", "testing.h")):
            continue
        body = without_comments(text_of(path))
        for pattern, advice in FORBIDDEN_CALLS.items():
            if found := re.search(pattern, body):
                yield f"{path}: {found[0].strip()}: {advice}"


def check_includes(files):
    for path in files:
        module = module_of(path)
        if path.suffix not in (".cc", ".h") or module not in LAYERS:
            continue
        for target in re.findall(r'^#include "([^"]+)"', text_of(path), flags=re.M):
            head = target.split("/")[0]
            if "/" not in target or head not in LAYERS or head == module:
                continue
            if LAYERS[head] >= LAYERS[module]:
                yield f"{path}: includes {target}, of a layer that is not below"


def check_traces(files):
    # Written in pieces, so that this file does not find itself.
    marks = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "/wo" + r"rk/(main|wt|shared)"]))
    for path in files:
        if path.suffix in (".png", ".ico", ".gz", ".parquet", ".lock"):
            continue
        for number, line in enumerate(text_of(path).splitlines(), 1):
            if found := marks.search(line):
                yield f"{path}:{number}: {found[0]}"


def check_format(files):
    sources = [str(path) for path in files if path.suffix in (".cc", ".h")]
    ran = subprocess.run(
        [CLANG_FORMAT, "--dry-run", "--ferror-limit=1", *sources], cwd=ROOT, capture_output=True, text=True
    )
    if ran.returncode != 0:
        yield f"{CLANG_FORMAT} failed: {ran.stderr[:300]}"
    for name in sorted(set(re.findall(r"^(\S+?):\d+:\d+: ", ran.stderr, flags=re.M))):
        yield f"{name}: not formatted; run {CLANG_FORMAT} -i {name}"


def main():
    files = tracked()
    findings = []
    for check in (check_targets, check_links, check_clocks, check_includes, check_traces, check_format):
        findings += check(files)
    for finding in findings:
        print(finding)
    print(f"{len(files)} files, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
