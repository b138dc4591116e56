"""Servers over the tables of the real files."""

import shutil

import pytest
from api_contract import Contract
from retail_server import serve_options
from server import Server


@pytest.fixture(scope="session")
def contract(root):
    return Contract(root / "src" / "serve" / "openapi.yaml")


@pytest.fixture(scope="session")
def api(medallion, retail, sales_folder):
    """A server that no test changes."""
    with Server(medallion, *serve_options(medallion, retail, sales_folder)) as server:
        yield server


@pytest.fixture
def own_storage(retail, tmp_path):
    """A storage of the test's own."""
    return shutil.copytree(retail, tmp_path / "storage")


@pytest.fixture
def own_api(medallion, own_storage, sales_folder):
    """A server over a storage of the test's own, for updates."""
    with Server(medallion, *serve_options(medallion, own_storage, sales_folder)) as server:
        yield server
