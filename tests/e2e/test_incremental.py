"""Acceptance 3: running again commits nothing; a new file is the only one that is read."""

import json
import time

import pytest

import daily_files
import delta_log
from retail_dates import AS_OF_DATE, FIXED_CLOCK

SECONDS_IDLE_MAX = 0.5
BRONZE = "tables/retail_analytics/dlt/retail_transactions_bronze"


@pytest.fixture(scope="module")
def landed(medallion, sales_folder, tmp_path_factory):
    """Five files ingested; the sixth has not landed yet."""
    folder = tmp_path_factory.mktemp("incremental")
    files = sorted(sales_folder.glob("*.csv"))[:6]
    daily_files.land(files[:5], folder / "landing")
    run(medallion, folder)
    return folder, files[5]


def run(medallion, folder, *options):
    return medallion.run_retail(
        folder / "storage", folder / "landing", "--fixed-clock", FIXED_CLOCK, *options, as_of_date=AS_OF_DATE
    )


def versions(folder):
    return {
        name: delta_log.check_contiguous(path)
        for name, path in delta_log.tables(folder / "storage").items()
        if name != "system/event_log"
    }


def test_a_second_run_commits_to_no_table_but_the_event_log(medallion, landed):
    folder, _ = landed
    before = versions(folder)
    started = time.monotonic()
    run(medallion, folder)
    seconds = time.monotonic() - started
    assert versions(folder) == before
    if medallion.path.endswith("release/medallion"):
        assert seconds < SECONDS_IDLE_MAX


def test_one_new_file_is_the_only_one_ingested(medallion, landed):
    folder, new_file = landed
    rows_before = delta_log.read(folder / "storage" / BRONZE).num_rows
    daily_files.land([new_file], folder / "landing")
    done = run(medallion, folder, "--json")
    summary = done.json[-1]
    bronze = next(flow for flow in summary["flows"] if flow["dataset"].endswith("retail_transactions_bronze"))
    assert bronze["input_files"] == 1
    after = delta_log.read(folder / "storage" / BRONZE).to_pandas()
    fresh = after[after["source_file"].str.endswith(new_file.name)]
    assert len(after) == rows_before + len(fresh) == rows_before + bronze["rows_read"]
    with open(new_file, encoding="utf-8") as lines:
        assert len(fresh) == sum(1 for _ in lines) - 1


def test_the_definition_of_a_view_changes_only_that_view(medallion, landed, tmp_path):
    """A new as-of date alone refreshes gold and what follows, and reads no file again."""
    folder, _ = landed
    before = versions(folder)
    medallion.run_retail(folder / "storage", folder / "landing", "--fixed-clock", FIXED_CLOCK, as_of_date="2026-05-02")
    changed = {name.rsplit("/", 1)[-1] for name, version in versions(folder).items() if version != before.get(name)}
    assert "customer_rfm_gold" in changed
    assert not changed & {"retail_transactions_bronze", "retail_transactions_silver", "dlt_daily_counts", "bronze_dq"}


def test_full_refresh_reads_everything_again(medallion, landed):
    folder, _ = landed
    rows = delta_log.rows(delta_log.read(folder / "storage" / BRONZE))
    done = run(medallion, folder, "--full-refresh-all", "--json")
    bronze = next(flow for flow in done.json[-1]["flows"] if flow["dataset"].endswith("retail_transactions_bronze"))
    assert bronze["input_files"] == len(list((folder / "landing").glob("*.csv")))
    assert delta_log.rows(delta_log.read(folder / "storage" / BRONZE)) == rows


def test_a_dry_run_writes_nothing(medallion, landed, tmp_path):
    folder, _ = landed

    def fingerprint():
        return sorted(
            (str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()
        )

    before = fingerprint()
    arguments = medallion.retail_arguments(folder / "storage", folder / "landing", as_of_date=AS_OF_DATE)
    arguments[0] = "dry-run"
    plan = medallion.check(*arguments, "--json")
    assert fingerprint() == before
    assert json.loads(plan.out)

    missing = tmp_path / "never_made"
    arguments[arguments.index("--storage") + 1] = missing
    medallion.check(*arguments)
    assert not missing.exists()


def test_columns_that_the_contract_lacks_are_rescued_and_told(medallion, sales_folder, tmp_path):
    """A new column, and one under another name, are in `_rescued_data` of their lines and in no other's."""
    landing = tmp_path / "landing"
    landing.mkdir()
    first = sorted(sales_folder.glob("*.csv"))[0]
    lines = first.read_text(encoding="utf-8").splitlines()[:21]
    (landing / "clean.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (landing / "channel.csv").write_text(
        "\n".join([lines[0] + ",Channel"] + [line + ",web" for line in lines[1:]]) + "\n", encoding="utf-8"
    )
    (landing / "renamed.CSV").write_text(
        "\n".join([lines[0].replace("InvoiceDate", "Invoice_Date")] + lines[1:]) + "\n", encoding="utf-8"
    )
    (landing / "backup.csv.bak").write_text("\n".join(lines) + "\n", encoding="utf-8")
    daily_files.age(landing)
    done = medallion.run_retail(tmp_path / "storage", landing, as_of_date=AS_OF_DATE)
    assert "channel.csv: columns that the table lacks are in _rescued_data: Channel" in done.out + done.err
    assert "renamed.CSV: columns that the table lacks are in _rescued_data: Invoice_Date" in done.out + done.err
    rows = medallion.sql(
        tmp_path / "storage",
        "SELECT regexp_extract(source_file, '([a-z]+)[.][^/]*$', 1) AS file, count(*) AS n, "
        "count(get_json_object(_rescued_data, '$.Channel')) AS channels, "
        "count(get_json_object(_rescued_data, '$.Invoice_Date')) AS dates "
        "FROM retail_transactions_bronze GROUP BY 1 ORDER BY 1",
    )
    assert [tuple(row.values()) for row in rows] == [
        ("channel", 20, 20, 0),
        ("clean", 20, 0, 0),
        ("renamed", 20, 0, 20),
    ]
