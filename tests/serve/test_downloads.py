"""Tables as files: every row, every type, whatever the size, beside deltalake."""

import io
from pathlib import Path

import deltalake
import openpyxl
import pandas
import pytest

SILVER = "retail_analytics.dlt.retail_transactions_silver"
READ = {"csv": pandas.read_csv, "xlsx": pandas.read_excel, "parquet": pandas.read_parquet}


def export(api, table, file_format, **parameters):
    answer = api.get(f"/tables/{table}/export", format=file_format, **parameters)
    assert answer.status == 200, answer.text
    return answer.body


def stored(retail, *folders):
    return deltalake.DeltaTable(str(retail.joinpath(*folders))).to_pandas()


def test_nested_columns_stay_nested_in_parquet(api, retail):
    quarantine = "quarantine.retail_analytics.dlt.retail_transactions_silver"
    exported = pandas.read_parquet(io.BytesIO(export(api, quarantine, "parquet")))
    rows = stored(retail, "quarantine", "retail_analytics", "dlt", "retail_transactions_silver")
    key = ["source_file", "source_record"]
    pandas.testing.assert_frame_equal(
        exported.sort_values(key).reset_index(drop=True), rows.sort_values(key).reset_index(drop=True)[list(exported.columns)]
    )
    events = pandas.read_parquet(io.BytesIO(export(api, "system.event_log", "parquet")))
    assert {event["data_plane_id"]["instance"] for event in events["sequence"]} == {
        event["data_plane_id"]["instance"] for event in stored(retail, "system", "event_log")["sequence"]
    }


@pytest.mark.parametrize("file_format", READ)
def test_no_rows_are_a_file_with_columns(api, file_format):
    body = export(api, "retail_analytics.dlt.segment_summary", file_format, filter="Segment:eq:nothing")
    frame = READ[file_format](io.BytesIO(body))
    assert len(frame) == 0 and {"Segment", "Customer_Count"} <= set(frame.columns)


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_a_large_table_is_exported_whole_in_little_memory(own_api, retail, file_format):
    before = peak_megabytes(own_api)
    body = export(own_api, SILVER, file_format)
    assert peak_megabytes(own_api) - before < 250
    frame = READ[file_format](io.BytesIO(body), **({"dtype": str} if file_format == "csv" else {}))
    rows = stored(retail, "tables", "retail_analytics", "dlt", "retail_transactions_silver")
    assert len(frame) == len(rows)
    assert frame["Quantity"].astype(int).sum() == rows["Quantity"].sum()


def test_a_large_sheet_has_every_row(own_api, retail):
    day = "2025-12-09"
    body = export(own_api, SILVER, "xlsx", filter=f"InvoiceDate:eq:{day}")
    sheet = openpyxl.load_workbook(io.BytesIO(body), read_only=True).active
    rows = stored(retail, "tables", "retail_analytics", "dlt", "retail_transactions_silver")
    assert sum(1 for _ in sheet.rows) - 1 == (rows["InvoiceDate"].astype(str) == day).sum() > 0


def peak_megabytes(server):
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024
