"""Fixtures of ml's oracle tests."""

import json

import daily_files
import pytest


@pytest.fixture(scope="session")
def reference_figures():
    folder = daily_files.real_folder()
    if folder is None:
        pytest.skip("the real daily files are not there")
    return json.loads((folder.parent / "reference_figures.json").read_text())
