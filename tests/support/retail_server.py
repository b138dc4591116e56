"""Servers over the retail pipeline."""

import shutil

from retail_dates import AS_OF_DATE


def serve_options(medallion, storage, sales_folder, as_of_date=AS_OF_DATE):
    return [
        "--spec", medallion.retail_spec, "--storage", storage,
        "--set", f"source={sales_folder}", "--set", f"as_of_date={as_of_date}",
    ]  # fmt: skip


def changed_project(medallion, folder, old, new, file="02_silver.sql"):
    """A copy of the retail project with one change in one of its files."""
    shutil.copytree(medallion.retail_spec, folder)
    path = folder / "transformations" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return folder
