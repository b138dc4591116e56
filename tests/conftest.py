"""Fixtures that every Python test shares: the program, the daily files, one filled storage."""

import json
import os
import pathlib
import shutil

import pytest

import daily_files
import retail_reference
from program import Medallion
from retail_dates import AS_OF_DATE, FIXED_CLOCK

ROOT = pathlib.Path(__file__).resolve().parent.parent


def pytest_addoption(parser):
    parser.addoption("--acceptance", action="store_true", help="also run the exhaustive tests")


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--acceptance"):
        deselected = [item for item in items if "acceptance" in item.keywords]
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if "acceptance" not in item.keywords]


def pytest_terminal_summary(terminalreporter):
    files = daily_files.real_folder()
    origin = f"the real daily files in {files}" if files else "a generated data set: the real daily files are not there"
    terminalreporter.write_line(f"retail tests ran on {origin}")


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def medallion():
    path = os.environ.get("MEDALLION_PROGRAM", str(ROOT / "build" / "dev" / "medallion"))
    assert os.access(path, os.X_OK), f"{path} is not built"
    return Medallion(path, ROOT / "pipelines" / "retail")


@pytest.fixture(scope="session")
def sales_folder(medallion, tmp_path_factory):
    """All daily files, with modification times in the past of the fixed clock. Not to be changed."""
    folder = tmp_path_factory.mktemp("sales") / "daily_sales"
    if real := daily_files.real_folder():
        shutil.copytree(real, folder)
    else:
        medallion.check("data", "generate", "--output", folder)
    daily_files.age(folder)
    return folder


@pytest.fixture(scope="session")
def reference_figures():
    """What pandas and scikit-learn found in the real files; they say nothing about others."""
    if not (real := daily_files.real_folder()):
        pytest.skip("the real daily files are not there")
    return json.loads((real.parent / "reference_figures.json").read_text())


@pytest.fixture(scope="session")
def reference(sales_folder):
    """What pandas makes of the same files."""
    return retail_reference.compute(sales_folder, AS_OF_DATE)


@pytest.fixture(scope="session")
def retail(medallion, sales_folder, tmp_path_factory):
    """A storage that one update filled from all daily files. Not to be changed."""
    storage = tmp_path_factory.mktemp("retail") / "storage"
    medallion.run_retail(storage, sales_folder, "--fixed-clock", FIXED_CLOCK, as_of_date=AS_OF_DATE)
    return storage
