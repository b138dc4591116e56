"""Acceptance 7: the commonest nasty files, each landing on the second day of a table that already has one.

Every case states what must happen, by the catalogue of bad inputs of the project's reliability notes:
  load     every record is in the table as it stands in the file
  rescue   every record is there; what fits no column is NULL and kept in _rescued_data
  aside    the file is set aside as a whole with a reason, later files go on, exit code 1
"""

import gzip
import io
import json
import zipfile
from dataclasses import dataclass, field

import pytest

import daily_files

HEADER = b"Invoice,StockCode,Description,Quantity,Price\n"
DAY_ONE = HEADER + b"489434,85048,LIGHTS,12,6.95\n489435,79323P,PINK,6,6.75\n"
GOOD = b"489436,22041,RECORD FRAME,48,2.10\n489437,21232,TRINKET BOX,24,1.25\n489438,22064,PINK BOWL,1,0.85\n"
GOOD_ROWS = [
    ("489436", "22041", "RECORD FRAME", 48, "2.10"),
    ("489437", "21232", "TRINKET BOX", 24, "1.25"),
    ("489438", "22064", "PINK BOWL", 1, "0.85"),
]


@dataclass
class Case:
    id: str
    body: bytes
    rows: list = field(default_factory=lambda: list(GOOD_ROWS))  # Invoice … Price, in the order of the file
    name: str = "day2.csv"
    aside: str = ""  # a part of the reason; empty: not set aside
    rescued: list = field(default_factory=list)  # a part of each rescued text, in the order of the rows
    remark: str = ""  # a part of what the run says
    options: str = ""
    check: object = None  # further checks on the rows as dictionaries


def gz(body):
    return gzip.compress(body, mtime=0)


def flipped(body, position):
    return body[:position] + bytes([body[position] ^ 0xFF]) + body[position + 1 :]


def zipped(body):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("day2.csv", body)
    return buffer.getvalue()


def numbers_of_records(rows):
    assert [row["record"] for row in rows] == [1, 2, 3]


MANY = HEADER + b"".join(b"%06d,22041,RECORD FRAME,1,2.10\n" % number for number in range(500000, 503000))
MANY_ROWS = [(f"{number:06}", "22041", "RECORD FRAME", 1, "2.10") for number in range(500000, 503000)]

CASES = [
    Case("D01-plain", HEADER + GOOD, check=numbers_of_records),
    Case("D02-utf8-bom", b"\xef\xbb\xbf" + HEADER + GOOD),
    Case("D03-utf16le-bom", (HEADER + GOOD).decode().encode("utf-16")),
    Case("D04-utf16be-without-bom", (HEADER + GOOD).decode().encode("utf-16-be"), rows=[], aside="UTF-16"),
    Case(
        "D05-latin1-pound",
        HEADER + b"489436,22041,VOUCHER \xa320,1,17.02\n",
        rows=[("489436", "22041", "VOUCHER £20", 1, "17.02")],
        remark="indows-1252",
    ),
    Case(
        "D08-newline-in-quotes",
        HEADER + b'489436,22041,"TWO\nLINES",48,2.10\n489437,21232,TRINKET BOX,24,1.25\n489438,22064,PINK BOWL,1,0.85\n',
        rows=[("489436", "22041", "TWO\nLINES", 48, "2.10"), *GOOD_ROWS[1:]],
        options=", multiLine => 'true'",
        check=numbers_of_records,
    ),
    Case("D11-bare-quote", HEADER + b'489436,22041,6" PLATE,1,2.10\n', rows=[("489436", "22041", '6" PLATE', 1, "2.10")]),
    Case(
        "D12-backslash-escape",
        HEADER + b'489436,22041,"6\\" PLATE, RED",1,2.10\n',
        rows=[("489436", "22041", '6" PLATE, RED', 1, "2.10")],
    ),
    Case(
        "D13-short-record",
        HEADER + b"489436,22041,RECORD FRAME\n" + GOOD.split(b"\n", 1)[1],
        rows=[("489436", "22041", "RECORD FRAME", None, None), *GOOD_ROWS[1:]],
        rescued=["489436,22041,RECORD FRAME"],
    ),
    Case(
        "D14-long-record",
        HEADER + b"489436,22041,RECORD FRAME,48,2.10,surplus,more\n" + GOOD.split(b"\n", 1)[1],
        rescued=["surplus"],
    ),
    Case("D15-duplicate-header", b"Invoice,StockCode,Description,Quantity,Quantity\n" + GOOD, rows=[], aside="Quantity"),
    Case("D16-no-header", GOOD, rows=[], aside="header"),
    Case(
        "D17-reordered-header",
        b"Price,Quantity,Invoice,Description,StockCode\n2.10,48,489436,RECORD FRAME,22041\n",
        rows=GOOD_ROWS[:1],
    ),
    Case(
        "D18-new-column",
        b"Invoice,StockCode,Description,Quantity,Price,Channel\n489436,22041,RECORD FRAME,48,2.10,web\n",
        rows=GOOD_ROWS[:1],
        check=lambda rows: [row["Channel"] for row in rows] == ["web"],
    ),
    Case(
        "D19-missing-column",
        b"Invoice,StockCode,Quantity,Price\n489436,22041,48,2.10\n",
        rows=[("489436", "22041", None, 48, "2.10")],
    ),
    Case(
        "D20-text-in-a-number-column",
        HEADER + b"489436,22041,RECORD FRAME,many,2.10\n" + GOOD.split(b"\n", 1)[1],
        rows=[("489436", "22041", "RECORD FRAME", None, "2.10"), *GOOD_ROWS[1:]],
        rescued=["many"],
    ),
    Case("D22-nul-byte", HEADER + b"489436,22041,A\x00B,48,2.10\n", rows=[("489436", "22041", "A\x00B", 48, "2.10")]),
    Case("D23-crlf", (HEADER + GOOD).replace(b"\n", b"\r\n"), check=numbers_of_records),
    Case("D24-cr-only", (HEADER + GOOD).replace(b"\n", b"\r"), check=numbers_of_records),
    Case("D25-mixed-line-ends", HEADER.replace(b"\n", b"\r\n") + GOOD),
    Case("D26-zero-bytes", b"", rows=[]),
    Case("D27-header-only", HEADER, rows=[]),
    Case("D28-blank-lines", b"\n" + HEADER + b"\n" + GOOD.replace(b"\n489437", b"\n\n489437") + b"\n\n"),
    Case("D29-no-final-newline", HEADER + GOOD[:-1]),
    Case("D30-gz", gz(HEADER + GOOD), name="day2.csv.gz"),
    Case("D31-gz-cut", gz(MANY)[:-200], rows=[], name="day2.csv.gz", aside="gz"),
    Case("D32-gz-flipped-byte", flipped(gz(MANY), len(gz(MANY)) // 2), rows=[], name="day2.csv.gz", aside="gz"),
    Case("D33-gz-wrong-crc", flipped(gz(HEADER + GOOD), len(gz(HEADER + GOOD)) - 8), rows=[], name="day2.csv.gz", aside="gzip data is damaged"),
    Case("D35-gz-named-csv", gz(HEADER + GOOD)),
    Case("D36-zip-named-csv", zipped(HEADER + GOOD), rows=[], aside="zip"),
    Case("D37-two-gz-members", gz(HEADER) + gz(GOOD), name="day2.csv.gz"),
    Case("D38-semicolons", (HEADER + GOOD).replace(b",", b";"), rows=[], aside=";"),
    Case(
        "D39-grouped-price",
        HEADER + b'489436,22041,RECORD FRAME,48,"1,234.50"\n',
        rows=[("489436", "22041", "RECORD FRAME", 48, None)],
        rescued=["1,234.50"],
    ),
    Case(
        "D40-comma-price",
        HEADER + b'489436,22041,RECORD FRAME,48,"2,55"\n',
        rows=[("489436", "22041", "RECORD FRAME", 48, None)],
        rescued=["2,55"],
    ),
    Case("D47-leading-zeros", HEADER + b"489436,00123,RECORD FRAME,48,2.10\n", rows=[("489436", "00123", "RECORD FRAME", 48, "2.10")]),
    Case("D48-formula", HEADER + b"489436,22041,=1+1,48,2.10\n", rows=[("489436", "22041", "=1+1", 48, "2.10")]),
    Case("D49-trailing-comma", (HEADER + GOOD).replace(b"\n", b",\n")),
    Case("D53-emoji", HEADER + "489436,22041,CAFÉ 🎁,48,2.10\n".encode(), rows=[("489436", "22041", "CAFÉ 🎁", 48, "2.10")]),
    Case("D55-html-page", b"<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n", rows=[], aside="HTML"),
    Case(
        "D56-odd-numbers",
        HEADER + b"489436,22041,A,1,1e-3\n489437,22041,B,1,Infinity\n489438,22041,C,1,NaN\n",
        rows=[("489436", "22041", "A", 1, "0.00"), ("489437", "22041", "B", 1, None), ("489438", "22041", "C", 1, None)],
        rescued=["1e-3", "Infinity", "NaN"],
    ),
    Case(
        "D57-too-large",
        HEADER + b"489436,22041,A,99999999999999999999,2.10\n",
        rows=[("489436", "22041", "A", None, "2.10")],
        rescued=["99999999999999999999"],
    ),
    Case("D59-header-in-capitals", HEADER.upper().replace(b",", b" , ") + GOOD),
    Case("D00-many-records", MANY, rows=MANY_ROWS),
]

SPEC = """name: nasty
catalog: shop
database: main
storage: storage
libraries:
  - glob:
      include: transformations/**
"""
TABLE = """CREATE OR REFRESH STREAMING TABLE lines AS
SELECT *, _metadata.record_number AS record, _metadata.file_name AS file
FROM STREAM read_files('landing', format => 'csv', header => 'true',
  schemaHints => 'Quantity INT, Price DECIMAL(10,2)'{options});
"""


def land(project, name, body):
    path = project / "landing" / name
    path.write_bytes(body)
    daily_files.age(project / "landing")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_outcome_of_a_nasty_file(medallion, tmp_path, case):
    (tmp_path / "transformations").mkdir()
    (tmp_path / "landing").mkdir()
    (tmp_path / "spark-pipeline.yml").write_text(SPEC)
    (tmp_path / "transformations" / "lines.sql").write_text(TABLE.format(options=case.options))
    land(tmp_path, "day1.csv", DAY_ONE)
    medallion.check("run", cwd=tmp_path)

    land(tmp_path, case.name, case.body)
    land(tmp_path, "day3.csv", DAY_ONE)
    done = medallion.run("run", "--json", cwd=tmp_path)
    assert done.code == (1 if case.aside else 0), done.err
    summary = done.json[-1]
    assert summary["files_set_aside"] == (1 if case.aside else 0)
    said = " ".join(summary["warnings"])
    assert case.aside in said
    assert case.remark in said
    if case.aside:
        assert case.name in said

    rows = medallion.check("sql", "--json", "SELECT * FROM lines ORDER BY file, record", cwd=tmp_path).json
    ours = [row for row in rows if row["file"] == case.name]
    columns = ("Invoice", "StockCode", "Description", "Quantity", "Price")
    assert [tuple(row[column] for column in columns) for row in ours] == case.rows
    # The files before and after are whole, whatever this one was.
    assert sum(row["file"] == "day1.csv" for row in rows) == sum(row["file"] == "day3.csv" for row in rows) == 2
    rescued = [row["_rescued_data"] for row in ours if row["_rescued_data"] is not None]
    assert len(rescued) == len(case.rescued), rescued
    for text, part in zip(rescued, case.rescued):
        assert part in text
        json.loads(text)
    if case.check:
        assert case.check(ours) is not False


QUOTE_CASES = {
    "D09-quote-never-closed": b'489436,22041,"RECORD FRAME,48,2.10\n',
    "D10-quote-opened-in-the-last-record": b"",
}


@pytest.mark.parametrize("name", QUOTE_CASES)
def test_an_unclosed_quote_costs_one_record_at_most(medallion, tmp_path, name):
    first = QUOTE_CASES[name]
    last = b"" if first else b'489439,22064,"NEVER CLOSED,1,0.85\n'
    (tmp_path / "transformations").mkdir()
    (tmp_path / "landing").mkdir()
    (tmp_path / "spark-pipeline.yml").write_text(SPEC)
    (tmp_path / "transformations" / "lines.sql").write_text(TABLE.format(options=""))
    land(tmp_path, "day1.csv", DAY_ONE)
    land(tmp_path, "day2.csv", HEADER + first + GOOD + last)
    medallion.check("run", cwd=tmp_path)
    rows = medallion.check("sql", "--json", "SELECT * FROM lines WHERE file = 'day2.csv' ORDER BY record", cwd=tmp_path).json
    assert len(rows) == 4
    whole = [row for row in rows if row["Invoice"] in ("489436", "489437", "489438") and row["Price"] is not None]
    assert {row["Description"] for row in whole} >= {"TRINKET BOX", "PINK BOWL"}
    assert ("RECORD FRAME,48,2.10" if first else "NEVER CLOSED") in json.dumps(rows)


def test_a_file_set_aside_is_tried_again_once_it_was_mended(medallion, tmp_path):
    (tmp_path / "transformations").mkdir()
    (tmp_path / "landing").mkdir()
    (tmp_path / "spark-pipeline.yml").write_text(SPEC)
    (tmp_path / "transformations" / "lines.sql").write_text(TABLE.format(options=""))
    land(tmp_path, "day1.csv", DAY_ONE)
    land(tmp_path, "day2.csv.gz", gz(MANY)[:-200])
    assert medallion.run("run", cwd=tmp_path).code == 1
    assert medallion.run("run", cwd=tmp_path).code == 0, "nothing new was set aside"
    land(tmp_path, "day2.csv.gz", gz(MANY))
    medallion.check("run", cwd=tmp_path)
    rows = medallion.check("sql", "--json", "SELECT count(*) AS n FROM lines", cwd=tmp_path).json
    assert rows == [{"n": 3002}]
