"""An independent reader of Delta tables, for checks: replays the log itself and shares no code with the
program or with any Delta library. Delta protocol, "Action Reconciliation"."""

import datetime
import json
import pathlib
import re
import urllib.parse
from dataclasses import dataclass, field

import pyarrow
import pyarrow.parquet

COMMIT = re.compile(r"^(\d{20})\.json$")
CHECKPOINT = re.compile(r"^(\d{20})\.checkpoint\.parquet$")


@dataclass
class State:
    version: int = -1
    protocol: dict = None
    metadata: dict = None
    files: dict = field(default_factory=dict)  # path → add action
    transactions: dict = field(default_factory=dict)  # appId → version


class BrokenLog(AssertionError):
    pass


def commits(table):
    """version → path of every JSON commit that is there."""
    log = pathlib.Path(table) / "_delta_log"
    found = {int(match[1]): path for path in log.iterdir() if (match := COMMIT.match(path.name))}
    return dict(sorted(found.items()))


def check_contiguous(table):
    """The log starts at 0 and has no gap; returns the last version."""
    versions = list(commits(table))
    if versions != list(range(len(versions))):
        raise BrokenLog(f"{table}: versions {versions}")
    return versions[-1]


def actions(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _checkpoint_actions(path):
    for row in pyarrow.parquet.read_table(path).to_pylist():
        for kind, value in row.items():
            if value is not None:
                yield {kind: {key: dict(item) if isinstance(item, list) and item and isinstance(item[0], tuple) else item
                              for key, item in value.items()}}


def _apply(state, action):
    if "protocol" in action:
        state.protocol = action["protocol"]
    elif "metaData" in action:
        state.metadata = action["metaData"]
    elif "add" in action:
        state.files[urllib.parse.unquote(action["add"]["path"])] = action["add"]
    elif "remove" in action:
        state.files.pop(urllib.parse.unquote(action["remove"]["path"]), None)
    elif "txn" in action:
        state.transactions[action["txn"]["appId"]] = action["txn"]["version"]


def replay(table):
    """The newest state, from the newest checkpoint (if any) and the commits after it."""
    state = State()
    log = pathlib.Path(table) / "_delta_log"
    checkpoints = sorted((int(match[1]), path) for path in log.iterdir() if (match := CHECKPOINT.match(path.name)))
    if checkpoints:
        state.version, path = checkpoints[-1]
        for action in _checkpoint_actions(path):
            _apply(state, action)
    for version, path in commits(table).items():
        if version <= state.version:
            continue
        if version != state.version + 1:
            raise BrokenLog(f"{table}: version {state.version + 1} is missing")
        for action in actions(path):
            _apply(state, action)
        state.version = version
    return state


def check_files(table, state=None):
    """Every live file is there with the size and the number of rows that the log states."""
    state = state or replay(table)
    for path, add in state.files.items():
        file = pathlib.Path(table) / path
        if not file.is_file() or file.stat().st_size != add["size"]:
            raise BrokenLog(f"{file} is not there with {add['size']} bytes")
        if add.get("stats"):
            rows = pyarrow.parquet.ParquetFile(file).metadata.num_rows
            if json.loads(add["stats"])["numRecords"] != rows:
                raise BrokenLog(f"{file} has {rows} rows, the log says otherwise")
    return state


PARTITION_TYPES = {
    "date": (pyarrow.date32(), datetime.date.fromisoformat),
    "string": (pyarrow.string(), str),
    "integer": (pyarrow.int32(), int),
    "long": (pyarrow.int64(), int),
}


def _read_file(table, path, add, fields, partitions):
    """Rows of one file: partition columns are in the log, not in the file."""
    stored = pyarrow.parquet.read_table(pathlib.Path(table) / path, partitioning=None)
    columns = []
    for name, column_type in fields.items():
        if name in partitions:
            arrow_type, parse = PARTITION_TYPES[column_type]
            text = add["partitionValues"][name]
            value = None if text in (None, "") else parse(text)
            columns.append(pyarrow.array([value] * stored.num_rows, arrow_type))
        else:
            columns.append(stored.column(name))
    return pyarrow.table(columns, names=list(fields))


def read(table):
    """Every live row as an Arrow table, columns in the order of the table's schema."""
    state = check_files(table)
    fields = {entry["name"]: entry["type"] for entry in json.loads(state.metadata["schemaString"])["fields"]}
    partitions = state.metadata.get("partitionColumns") or []
    pieces = [_read_file(table, path, state.files[path], fields, partitions) for path in sorted(state.files)]
    return pyarrow.concat_tables(pieces) if pieces else pyarrow.table({name: [] for name in fields})


def tables(storage):
    """name → folder of every Delta table of a storage: `tables/…`, `quarantine/…`, `system/…`."""
    storage = pathlib.Path(storage)
    found = {}
    for kind in ("tables", "quarantine", "system"):
        for log in sorted((storage / kind).rglob("_delta_log")):
            found[str(log.parent.relative_to(storage))] = log.parent
    return found


def canonical(value):
    """A value as `medallion sql --json` prints it, so that rows of different readers compare equal."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        text = value.isoformat(sep=" ")
        return text.rstrip("0") if "." in text else text
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list):
        return [canonical(item) for item in value]
    if isinstance(value, dict):
        return {key: canonical(item) for key, item in value.items()}
    return str(value)  # Decimal


def rows(arrow_table, without=()):
    """Sorted rows, as texts, of an Arrow table; the columns in `without` are left out."""
    kept = [name for name in arrow_table.column_names if name not in without]
    listed = (
        json.dumps({key: canonical(value) for key, value in row.items()}, ensure_ascii=False)
        for row in arrow_table.select(kept).to_pylist()
    )
    return sorted(listed)
