"""Acceptance 2: the same files in any split of runs, on any number of threads, give the same tables."""

import random

import pytest

import daily_files
import delta_log
from retail_dates import AS_OF_DATE, FIXED_CLOCK

pytestmark = pytest.mark.slow

# Columns that say when or by which update something happened, and therefore differ.
CLOCK_COLUMNS = {
    "ingestion_timestamp",
    "created_timestamp",
    "last_ingestion",
    "source_file",  # the landing folder's name
    "_rescued_data",  # names the file
    "_update_id",
    "update_id",
}
FILES = 24


# Clusters keep ids and k from the update before, so they depend on how many updates there were.
MODELLED = "tables/retail_analytics/ml/"


@pytest.fixture(scope="module")
def some_files(sales_folder):
    return sorted(sales_folder.glob("*.csv"))[:FILES]


def groups_of(files, seed):
    """A random partition into runs, in random order; the seed picks it."""
    if seed is None:
        return [files]
    chooser = random.Random(seed)
    shuffled = list(files)
    chooser.shuffle(shuffled)
    groups = []
    while shuffled:
        size = 1 if seed == 0 else chooser.randint(1, 7)
        groups.append(shuffled[:size])
        del shuffled[:size]
    return groups


def fill(medallion, folder, groups, threads):
    storage = folder / "storage"
    for group in groups:
        daily_files.land(group, folder / "landing")
        medallion.run_retail(
            storage, folder / "landing", "--fixed-clock", FIXED_CLOCK, "--threads", threads, as_of_date=AS_OF_DATE
        )
    return {
        name: delta_log.rows(delta_log.read(path), CLOCK_COLUMNS)
        for name, path in delta_log.tables(storage).items()
        if not name.startswith(("system/", MODELLED))
    }


@pytest.fixture(scope="module")
def in_one_run(medallion, some_files, tmp_path_factory):
    return fill(medallion, tmp_path_factory.mktemp("one"), groups_of(some_files, None), 1)


@pytest.mark.parametrize("seed, threads", [(None, 4), (0, 2), (1, 1), (2, 3), (3, 4)])
def test_tables_do_not_depend_on_how_files_arrive(medallion, some_files, in_one_run, tmp_path, seed, threads):
    split = fill(medallion, tmp_path, groups_of(some_files, seed), threads)
    assert split.keys() == in_one_run.keys()
    for name, rows in in_one_run.items():
        assert split[name] == rows, name
