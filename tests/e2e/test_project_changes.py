"""What happens to tables when the project that filled them changes."""

import os
import time

import pytest

from small_project import SmallProject

STREAM = "CREATE OR REFRESH STREAMING TABLE b AS SELECT id FROM STREAM read_files('in', format => 'csv');"
VIEW = "CREATE OR REFRESH MATERIALIZED VIEW b AS SELECT id FROM read_files('in', format => 'csv');"


@pytest.fixture
def project(medallion, tmp_path):
    made = SmallProject(medallion, tmp_path)
    made.land("1.csv", "id\n1\n2\n")
    return made


def test_a_view_does_not_become_a_streaming_table_beside_its_own_rows(project):
    project.write(VIEW)
    project.update()
    project.write(STREAM)
    refused = project.run()
    assert refused.code == 2
    assert "was a materialized view and is a streaming table now" in refused.err
    assert "--full-refresh b" in refused.err
    assert project.rows("SELECT id FROM b ORDER BY id") == [("1",), ("2",)]
    project.update("--full-refresh", "b")
    assert project.rows("SELECT id FROM b ORDER BY id") == [("1",), ("2",)]
    project.land("2.csv", "id\n3\n")
    project.update()
    assert project.rows("SELECT id FROM b ORDER BY id") == [("1",), ("2",), ("3",)]


def test_a_streaming_table_that_was_a_view_for_a_while_starts_over(project):
    project.write(STREAM)
    project.update()
    project.write(VIEW)
    project.land("2.csv", "id\n3\n")
    project.update()
    assert project.rows("SELECT id FROM b ORDER BY id") == [("1",), ("2",), ("3",)]
    project.write(STREAM)
    assert project.run().code == 2
    project.update("--full-refresh-all")
    assert project.rows("SELECT id FROM b ORDER BY id") == [("1",), ("2",), ("3",)]


def test_a_stream_is_not_put_together_with_a_whole_table(project):
    project.write(STREAM + "CREATE OR REFRESH STREAMING TABLE u AS SELECT id FROM STREAM(b) UNION ALL SELECT id FROM b;")
    refused = project.run()
    assert refused.code == 2
    assert "not possible over a stream: UNION ALL of a stream and a table" in refused.err


def test_two_streams_are_put_together(project):
    project.write(
        STREAM + "CREATE OR REFRESH STREAMING TABLE u AS SELECT id FROM STREAM(b) UNION ALL SELECT id FROM STREAM(b);"
    )
    project.update()
    project.land("2.csv", "id\n3\n")
    project.update()
    assert project.rows("SELECT id, count(*) FROM u GROUP BY id ORDER BY id") == [("1", 2), ("2", 2), ("3", 2)]


def test_a_hint_that_changes_the_type_of_rows_already_read_is_refused(project):
    hinted = (
        "CREATE OR REFRESH STREAMING TABLE b AS SELECT id FROM STREAM read_files('in', format => 'csv', "
        "schemaHints => 'id {}');"
    )
    project.write(hinted.format("INT"))
    project.update()
    project.write(hinted.format("DECIMAL(10,2)"))
    project.land("2.csv", "id\n3.75\n")
    refused = project.run()
    assert refused.code == 2
    assert "schemaHints says id DECIMAL(10,2), and the column has been read as INT so far" in refused.err
    assert project.rows("SELECT id FROM b ORDER BY id") == [(1,), (2,)]
    project.update("--full-refresh-all")
    assert project.rows("SELECT id FROM b ORDER BY id") == [("1.00",), ("2.00",), ("3.75",)]


def test_a_column_named_metadata_is_rescued(project):
    project.land("2.csv", "id,_metadata\n3,x\n")
    project.write(
        "CREATE OR REFRESH STREAMING TABLE b AS SELECT id, _metadata.file_name AS f, _rescued_data AS r "
        "FROM STREAM read_files('in', format => 'csv');"
    )
    project.update()
    rows = project.rows("SELECT id, f, get_json_object(r, '$._metadata') FROM b WHERE id = '3'")
    assert rows == [("3", "2.csv", "x")]


def test_files_that_are_set_aside_are_told_at_every_update(project):
    project.write(STREAM)
    (project.folder / "in" / "bad.csv").write_bytes(b"\x1f\x8b\x08\x00truncated")
    yesterday = time.time() - 86_400
    os.utime(project.folder / "in" / "bad.csv", (yesterday, yesterday))
    first = project.run()
    assert first.code == 1
    assert "bad.csv" in first.out + first.err
    second = project.run()
    assert second.code == 0
    assert "still set aside, replace or remove it" in second.out + second.err
    assert "bad.csv" in second.out + second.err
    (project.folder / "in" / "bad.csv").unlink()
    assert "set aside" not in project.update().out
