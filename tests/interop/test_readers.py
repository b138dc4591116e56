"""Acceptance 4: independent programs read our tables, append to them, and we read on.

deltalake is delta-rs, chdb is ClickHouse with delta-kernel, delta_log is the tests' own replay with Arrow's
Parquet reader, and DuckDB reads the live files that the log names."""

import contextlib
import json

import chdb
import deltalake
import duckdb
import pyarrow
import pytest

import daily_files
import delta_log
from retail_dates import AS_OF_DATE, FIXED_CLOCK

DLT = "tables/retail_analytics/dlt"

# What Delta's types are called by delta-rs, from the protocol's "Schema Serialization Format".
ARROW_TYPES = {
    "string": pyarrow.types.is_string,
    "integer": pyarrow.types.is_int32,
    "long": pyarrow.types.is_int64,
    "double": pyarrow.types.is_float64,
    "boolean": pyarrow.types.is_boolean,
    "date": pyarrow.types.is_date32,
    "timestamp": lambda kind: pyarrow.types.is_timestamp(kind) and kind.unit == "us" and kind.tz == "UTC",
}


@pytest.fixture(scope="module")
def small(medallion, sales_folder, tmp_path_factory):
    """A storage of four files, ingested in two updates."""
    folder = tmp_path_factory.mktemp("interop")
    files = sorted(sales_folder.glob("*.csv"))[:4]
    for part in (files[:2], files[2:]):
        daily_files.land(part, folder / "landing")
        medallion.run_retail(
            folder / "storage", folder / "landing", "--fixed-clock", FIXED_CLOCK, as_of_date=AS_OF_DATE
        )
    return folder / "storage"


def sql_name(name):
    """`tables/c/s/t` as `medallion sql` names it."""
    kind, *parts = name.split("/")
    # A name has at most three parts: the catalogue of a quarantined table is left out.
    parts = {"tables": parts, "quarantine": [kind, *parts[1:]], "system": [kind, *parts]}[kind]
    return ".".join(f"`{part}`" for part in parts)


def chdb_query(query, output):
    """chdb opens only what lies below the current folder."""
    with contextlib.chdir("/"):
        return chdb.query(query, output).bytes()


def our_rows(medallion, storage, name):
    rows = medallion.sql(storage, f"SELECT * FROM {sql_name(name)}")
    return sorted(json.dumps(row, ensure_ascii=False) for row in rows)


def delta_rs_rows(path):
    return delta_log.rows(as_arrow(deltalake.DeltaTable(str(path))))


def as_arrow(table):
    return pyarrow.table(table.to_pyarrow_dataset().to_table())


def test_every_table_has_the_same_rows_for_every_reader(medallion, small):
    for name, path in delta_log.tables(small).items():
        ours = our_rows(medallion, small, name)
        assert ours == delta_rs_rows(path), name
        assert ours == delta_log.rows(delta_log.read(path)), name


def test_every_table_has_the_same_version_for_every_reader(medallion, small):
    listed = medallion.tables(small)
    assert listed
    for name, path in delta_log.tables(small).items():
        version = deltalake.DeltaTable(str(path)).version()
        assert version == delta_log.check_contiguous(path), name
        if name.startswith("tables/"):
            assert listed[name.removeprefix("tables/").replace("/", ".")] == version


def test_every_table_has_the_declared_types_for_every_reader(small):
    for name, path in delta_log.tables(small).items():
        declared = json.loads(delta_log.replay(path).metadata["schemaString"])["fields"]
        arrow = as_arrow(deltalake.DeltaTable(str(path))).schema
        assert [entry["name"] for entry in declared] == arrow.names, name
        for entry in declared:
            kind = arrow.field(entry["name"]).type
            if isinstance(entry["type"], str) and entry["type"].startswith("decimal"):
                assert str(kind).startswith(entry["type"].replace("decimal", "decimal128").replace(",", ", ")), entry
            elif isinstance(entry["type"], str):
                assert ARROW_TYPES[entry["type"]](kind), (name, entry, kind)


def test_tables_need_the_oldest_protocol_only(small):
    for name, path in delta_log.tables(small).items():
        protocol = delta_log.replay(path).protocol
        assert (protocol["minReaderVersion"], protocol["minWriterVersion"]) == (1, 2), name


def test_chdb_reads_the_same_rows(medallion, small):
    for name, path in delta_log.tables(small).items():
        count = int(chdb_query(f"SELECT count() FROM deltaLakeLocal('{path}')", "CSV"))
        assert count == len(our_rows(medallion, small, name)), name
    gold = small / DLT / "customer_rfm_gold"
    theirs = chdb_query(
        "SELECT CustomerID, toString(MaxInvoiceDate), Recency, Frequency, toDecimalString(Monetary, 2)"
        f" FROM deltaLakeLocal('{gold}') ORDER BY CustomerID",
        "JSONCompactEachRow",
    )
    ours = medallion.sql(small, "SELECT * FROM customer_rfm_gold ORDER BY CustomerID")
    assert [json.loads(line) for line in theirs.splitlines()] == [list(row.values()) for row in ours]


def test_duckdb_reads_the_live_files(medallion, small):
    for name, path in delta_log.tables(small).items():
        state = delta_log.replay(path)
        if not state.files:
            continue
        files = [str(path / file) for file in sorted(state.files)]
        rows = duckdb.connect().execute("SELECT count(*) FROM read_parquet(?)", [files]).fetchone()[0]
        assert rows == len(our_rows(medallion, small, name)), name
    total = duckdb.connect().execute(
        "SELECT sum(Monetary) FROM read_parquet(?)",
        [[str(small / DLT / "customer_rfm_gold" / file) for file in delta_log.replay(small / DLT / "customer_rfm_gold").files]],
    ).fetchone()[0]
    ours = medallion.sql(small, "SELECT sum(Monetary) AS total FROM customer_rfm_gold")
    assert ours == [{"total": str(total)}]


def test_pandas_gets_exact_money(small):
    gold = deltalake.DeltaTable(str(small / DLT / "customer_rfm_gold")).to_pyarrow_table().to_pandas()
    assert {type(value).__name__ for value in gold["Monetary"]} == {"Decimal"}


def test_an_old_version_reads_the_same(medallion, small):
    bronze = small / DLT / "retail_transactions_bronze"
    old = deltalake.DeltaTable(str(bronze), version=0)
    ours = medallion.sql(small, "SELECT count(*) AS n FROM retail_transactions_bronze VERSION AS OF 0")
    assert ours == [{"n": as_arrow(old).num_rows}]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project of one streaming table over a folder, for many small commits."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "transformations").mkdir()
    (folder / "landing").mkdir()
    (folder / "spark-pipeline.yml").write_text(
        "name: many\ncatalog: shop\ndatabase: main\nstorage: storage\n"
        "libraries:\n  - glob:\n      include: transformations/**\n"
    )
    (folder / "transformations" / "lines.sql").write_text(
        "CREATE OR REFRESH STREAMING TABLE lines AS SELECT * FROM STREAM read_files(\n"
        "  'landing', format => 'csv', header => 'true', schemaHints => 'n INT, price DECIMAL(10,2)');\n"
        "CREATE OR REFRESH STREAMING TABLE copied AS SELECT n, price, name FROM STREAM(lines);\n"
    )
    return folder


def land_number(project, number):
    path = project / "landing" / f"{number:03}.csv"
    path.write_text(f"n,price,name\n{number},{number}.50,row {number}\n")
    daily_files.age(project / "landing")


def test_after_many_commits_checkpoints_and_cleanup_readers_still_agree(medallion, project):
    for number in range(25):
        land_number(project, number)
        medallion.check("run", cwd=project)
    table = project / "storage" / "tables" / "shop" / "main" / "lines"
    assert delta_log.check_contiguous(table) == 24
    checkpoints = sorted(path.name for path in (table / "_delta_log").glob("*.checkpoint.parquet"))
    assert [name[:20] for name in checkpoints] == [f"{10:020}", f"{20:020}"]
    hint = json.loads((table / "_delta_log" / "_last_checkpoint").read_text())
    assert hint["version"] == 20

    # As log clean-up does: everything before the newest checkpoint goes.
    for version, path in delta_log.commits(table).items():
        if version < 20:
            path.unlink()
    expected = [{"n": number, "price": f"{number}.50", "name": f"row {number}"} for number in range(25)]
    ours = medallion.check("sql", "--json", "SELECT n, price, name FROM lines ORDER BY n", cwd=project).json
    assert ours == expected
    assert as_arrow(deltalake.DeltaTable(str(table))).num_rows == 25
    assert delta_log.read(table).num_rows == 25
    assert int(chdb_query(f"SELECT sum(n) FROM deltaLakeLocal('{table}')", "CSV")) == sum(range(25))


def test_others_append_and_we_read_on(medallion, project):
    """Follows the test above: the log is already cleaned up."""
    table = project / "storage" / "tables" / "shop" / "main" / "lines"
    before = deltalake.DeltaTable(str(table)).version()
    columns = as_arrow(deltalake.DeltaTable(str(table))).schema
    given = {"n": [100, 101], "name": ["theirs", None]}
    foreign = pyarrow.table(
        {
            name: pyarrow.array(given.get(name, [None, None]), type=columns.field(name).type)
            for name in columns.names
        }
    )
    deltalake.write_deltalake(str(table), foreign, mode="append")
    rows = medallion.check("sql", "--json", "SELECT n, name FROM lines WHERE n >= 100 ORDER BY n", cwd=project).json
    assert rows == [{"n": 100, "name": "theirs"}, {"n": 101, "name": None}]

    # The stream reads their commit too, once, and ours go on after it.
    land_number(project, 25)
    medallion.check("run", cwd=project)
    copied = project / "storage" / "tables" / "shop" / "main" / "copied"
    assert sorted(delta_log.read(copied)["n"].to_pylist()) == [*range(26), 100, 101]
    assert deltalake.DeltaTable(str(table)).version() == before + 2
