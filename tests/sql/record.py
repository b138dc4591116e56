#!/usr/bin/env python3
"""Records what Spark answers to every case of cases/*.test, and rewrites the expectations in place.

Usage: tests/sql/record.py [file.test ...]      (Java 17 is needed; Spark comes from PyPI, pinned)

The format of the files is described in README.md. Run it when a case is added, and review the diff.
"""

import datetime
import decimal
import math
import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import spark  # noqa: E402

CASES = pathlib.Path(__file__).resolve().parent / "cases"
PARAMETERS = {"as_of": "2026-05-01"}


def reexec_with_spark():
    """Runs this script in the environment of the pinned Spark."""
    python = spark.python()
    os.execve(python, [python, *sys.argv], {**os.environ, "TZ": "UTC"})


def read_cases(path):
    """The text before the first case, and [title, query] of each."""
    head, cases, in_expected = [], [], False
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("### "):
            cases.append([line, []])
            in_expected = False
        elif line == "=>":
            in_expected = True
        elif not cases:
            head.append(line)
        elif not in_expected:
            cases[-1][1].append(line)
    return "\n".join(head), [(title, "\n".join(lines).strip()) for title, lines in cases]


def quote(text):
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f"'{escaped}'"


def number(value):
    """The fewest digits that read back as the same double."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    for precision in range(1, 18):
        text = f"{value:.{precision}g}"
        if float(text) == value:
            return text
    raise AssertionError(value)


def cell(value, data_type):
    name = data_type.typeName()
    if value is None:
        return "NULL"
    if name == "boolean":
        return "true" if value else "false"
    if name in ("float", "double"):
        return number(value)
    if name == "decimal":
        return f"{value:f}"
    if name == "string":
        return quote(value)
    if name == "binary":
        return "X'" + bytes(value).hex().upper() + "'"
    if name == "date":
        return value.isoformat()
    if name in ("timestamp", "timestamp_ntz"):
        text = value.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")
        return text + (f".{value.microsecond:06d}".rstrip("0") if value.microsecond else "")
    if name == "daytimeinterval" or isinstance(value, datetime.timedelta):
        return str((value.days * 86400 + value.seconds) * 1_000_000 + value.microseconds)
    if name == "array":
        return "[" + ", ".join(cell(v, data_type.elementType) for v in value) + "]"
    if name == "map":
        items = [f"{cell(k, data_type.keyType)}: {cell(v, data_type.valueType)}" for k, v in value.items()]
        return "{" + ", ".join(items) + "}"
    if name == "struct":
        return "(" + ", ".join(cell(v, f.dataType) for v, f in zip(value, data_type.fields)) + ")"
    return str(value)


def record(spark, title, query):
    try:
        frame = spark.sql(query, args=PARAMETERS)
        rows = frame.collect()
    except Exception as error:  # every failure of Spark is an answer
        condition = getattr(error, "getCondition", lambda: None)()
        if not condition:  # thrown while running, and wrapped
            found = re.search(r"\[([A-Z][A-Z_.]+)\]", str(error))
            condition = found.group(1) if found else type(error).__name__
        return [f"error {condition}"]
    schema = ", ".join(f"`{f.name}` {f.dataType.simpleString().upper()}" for f in frame.schema.fields)
    lines = [" | ".join(cell(v, f.dataType) for v, f in zip(row, frame.schema.fields)) for row in rows]
    if "[ordered]" not in title:
        lines.sort()
    return [f"schema {schema}", *lines]


def main():
    try:
        import pyspark
    except ImportError:
        reexec_with_spark()
    if pyspark.__version__ != spark.VERSION or os.environ.get("TZ") != "UTC":
        reexec_with_spark()
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.pyspark.jvmStacktrace.enabled", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    total = errors = 0
    for path in [pathlib.Path(p) for p in sys.argv[1:]] or sorted(CASES.glob("*.test")):
        head, cases = read_cases(path)
        out = [head.rstrip("\n"), ""]
        for title, query in cases:
            recorded = record(spark, title, query)
            total += 1
            errors += recorded[0].startswith("error")
            out += [title, query, "=>", *recorded, ""]
        path.write_text("\n".join(out), encoding="utf-8")
        print(f"{path.name}: {len(cases)} cases", flush=True)
    print(f"{total} cases, {errors} of them errors, recorded from Spark {spark.VERSION}")
    spark.stop()


if __name__ == "__main__":
    main()
