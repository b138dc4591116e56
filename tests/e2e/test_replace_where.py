"""Flows that replace part of a streaming table: REPLACE WHERE."""

import deltalake
import pytest

from small_project import SmallProject

# Counts per day, kept from update to update; `total` builds on what the table held before.
COUNTS = """
CREATE TEMPORARY VIEW lines AS
SELECT CAST(day AS DATE) AS day, CAST(n AS INT) AS n FROM read_files('in', format => 'csv');

CREATE OR REFRESH STREAMING TABLE counts (day DATE, n BIGINT, total BIGINT)
{partitioned}
TBLPROPERTIES ({properties})
FLOW REPLACE WHERE day = CAST('${{day}}' AS DATE) BY NAME
SELECT l.day, sum(l.n) AS n, sum(l.n) + coalesce(max(b.total), 0) AS total
FROM lines AS l
LEFT JOIN (SELECT max(total) AS total FROM counts WHERE day < CAST('${{day}}' AS DATE)) AS b ON true
GROUP BY l.day;
"""


def counts(partitioned=True, properties="'quality' = 'gold'"):
    return COUNTS.format(partitioned="PARTITIONED BY (day)" if partitioned else "", properties=properties)


@pytest.fixture
def project(medallion, tmp_path):
    made = SmallProject(medallion, tmp_path)
    made.write(counts())
    made.land("1.csv", "day,n\n2026-05-01,1\n2026-05-01,2\n")
    return made


def day(text):
    return ["--set", f"day={text}"]


def rows(project):
    return project.rows("SELECT day, n, total FROM counts ORDER BY day")


@pytest.mark.parametrize("partitioned", [True, False])
def test_each_update_replaces_its_own_rows_and_keeps_the_others(project, partitioned):
    project.write(counts(partitioned))
    project.update(*day("2026-05-01"))
    assert rows(project) == [("2026-05-01", 3, 3)]
    project.land("2.csv", "day,n\n2026-05-02,5\n")
    project.update(*day("2026-05-02"))
    assert rows(project) == [("2026-05-01", 3, 3), ("2026-05-02", 5, 8)]
    # More of the second day; of the first there is more too, but it is not this update's.
    project.land("3.csv", "day,n\n2026-05-02,10\n2026-05-01,100\n")
    project.update(*day("2026-05-02"))
    assert rows(project) == [("2026-05-01", 3, 3), ("2026-05-02", 15, 18)]
    project.update(*day("2026-05-01"))
    assert rows(project) == [("2026-05-01", 103, 103), ("2026-05-02", 15, 18)]
    frame = deltalake.DeltaTable(project.table("counts")).to_pandas().sort_values("day")
    assert frame["n"].tolist() == [103, 15]


def test_nothing_new_commits_nothing(project):
    project.update(*day("2026-05-01"))
    version = deltalake.DeltaTable(project.table("counts")).version()
    assert "nothing new" in project.update(*day("2026-05-01")).out
    assert deltalake.DeltaTable(project.table("counts")).version() == version


def test_a_partition_that_stays_keeps_its_files(project):
    project.update(*day("2026-05-01"))
    before = set(deltalake.DeltaTable(project.table("counts")).file_uris())
    project.land("2.csv", "day,n\n2026-05-02,5\n")
    project.update(*day("2026-05-02"))
    assert before < set(deltalake.DeltaTable(project.table("counts")).file_uris())


def test_rows_for_which_the_predicate_is_null_stay(medallion, tmp_path):
    project = SmallProject(medallion, tmp_path)
    project.land("1.csv", "k,v\na,1\n,2\nb,3\n")
    table = "CREATE OR REFRESH STREAMING TABLE t (k STRING, v STRING) FLOW REPLACE WHERE {} BY NAME "
    query = "SELECT k, v FROM read_files('in', format => 'csv');"
    project.write(table.format("k IS NULL OR k = 'a'") + query)
    project.update()
    assert project.rows("SELECT k, v FROM t ORDER BY v") == [("a", "1"), (None, "2")]
    project.write(table.format("k = 'b'") + query)
    project.update()
    assert project.rows("SELECT k, v FROM t ORDER BY v") == [("a", "1"), (None, "2"), ("b", "3")]


def test_a_full_refresh_leaves_the_rows_of_the_day(project):
    project.update(*day("2026-05-01"))
    project.land("2.csv", "day,n\n2026-05-02,5\n")
    project.update(*day("2026-05-02"))
    project.update(*day("2026-05-02"), "--full-refresh", "counts")
    # What was there before is gone for the query too.
    assert rows(project) == [("2026-05-02", 5, 5)]


def test_a_table_that_may_not_be_reset_outlives_a_full_refresh(project):
    project.write(counts(properties="'pipelines.reset.allowed' = 'false'"))
    project.update(*day("2026-05-01"))
    project.land("2.csv", "day,n\n2026-05-02,5\n")
    project.update(*day("2026-05-02"), "--full-refresh-all")
    assert rows(project) == [("2026-05-01", 3, 3), ("2026-05-02", 5, 8)]
    refused = project.run(*day("2026-05-02"), "--full-refresh", "counts")
    assert refused.code == 2
    assert "PIPELINE_RESET_NOT_ALLOWED" in refused.err


def test_a_new_column_is_empty_in_the_rows_that_stay(project):
    project.update(*day("2026-05-01"))
    project.land("2.csv", "day,n\n2026-05-02,5\n")
    more = counts().replace("total BIGINT)", "total BIGINT, note STRING)").replace(" AS total\nFROM", " AS total, 'x' AS note\nFROM")
    project.write(more)
    project.update(*day("2026-05-02"))
    assert project.rows("SELECT day, note FROM counts ORDER BY day") == [("2026-05-01", None), ("2026-05-02", "x")]


def test_the_log_says_what_was_replaced(project):
    project.update(*day("2026-05-01"))
    [last] = deltalake.DeltaTable(project.table("counts")).history(1)
    assert last["operation"] == "WRITE"
    assert last["operationParameters"]["predicate"] == "day = CAST('2026-05-01' AS DATE)"


def test_a_dry_run_says_what_would_be_replaced(project):
    done = project.medallion.check("dry-run", *day("2026-05-01"), cwd=project.folder)
    assert "replaces the rows where day = CAST('2026-05-01' AS DATE)" in done.out
    [plan] = project.medallion.check("dry-run", "--json", *day("2026-05-01"), cwd=project.folder).json
    [flow] = [flow for dataset in plan["datasets"] for flow in dataset["flows"] if "replace_where" in flow]
    assert (flow["name"], flow["replace_where"]) == ("c.d.counts", "day = CAST('2026-05-01' AS DATE)")


def test_expectations_count_the_new_rows_alone(project):
    sql = counts().replace("total BIGINT)", "total BIGINT, CONSTRAINT few EXPECT (n < 4) ON VIOLATION DROP ROW)")
    project.write(sql)
    project.update(*day("2026-05-01"))
    project.land("2.csv", "day,n\n2026-05-02,5\n")
    project.update(*day("2026-05-02"))
    assert rows(project) == [("2026-05-01", 3, 3)]
    assert project.rows("SELECT day, n FROM quarantine.counts") == [("2026-05-02", 5)]


@pytest.mark.parametrize(
    "sql, message",
    [
        (
            "CREATE OR REFRESH STREAMING TABLE t FLOW REPLACE WHERE n = '1' BY NAME "
            "SELECT n FROM STREAM read_files('in', format => 'csv');",
            "a REPLACE WHERE flow cannot read a stream",
        ),
        (
            "CREATE OR REFRESH MATERIALIZED VIEW t FLOW REPLACE WHERE n = '1' BY NAME "
            "SELECT n FROM read_files('in', format => 'csv');",
            "only a streaming table has a FLOW clause",
        ),
        (
            "CREATE OR REFRESH STREAMING TABLE t FLOW REPLACE WHERE m = '1' BY NAME "
            "SELECT n FROM read_files('in', format => 'csv');",
            "UNRESOLVED_COLUMN",
        ),
        (
            "CREATE OR REFRESH STREAMING TABLE t (n STRING) FLOW REPLACE WHERE n = '1' BY NAME "
            "SELECT n FROM read_files('in', format => 'csv'); "
            "CREATE OR REFRESH STREAMING TABLE u AS SELECT n FROM STREAM(t);",
            "filled by a REPLACE WHERE flow: its rows are replaced",
        ),
        (
            "CREATE OR REFRESH STREAMING TABLE t (n STRING); "
            "CREATE FLOW f AS INSERT INTO t BY NAME REPLACE WHERE n = '1' SELECT n FROM read_files('in', format => 'csv'); "
            "CREATE FLOW g AS INSERT INTO t BY NAME SELECT n FROM STREAM read_files('in', format => 'csv');",
            "has a REPLACE WHERE flow beside another flow",
        ),
        (
            "CREATE OR REFRESH STREAMING TABLE t (n STRING) FLOW REPLACE WHERE rand() < 0.5 BY NAME "
            "SELECT n FROM read_files('in', format => 'csv');",
            "must choose the same rows each time",
        ),
        (
            "CREATE OR REFRESH STREAMING TABLE t (n STRING) FLOW REPLACE USING (n) SEQUENCE BY n BY NAME SELECT 1 AS n;",
            "REPLACE USING of a flow is not supported",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(project, sql, message):
    project.write(sql)
    refused = project.run()
    assert refused.code == 2
    assert message in refused.err
    assert "a.sql:1:" in refused.err
