"""A project of one SQL file over a folder of CSV files, made anew for a test."""

import os
import time

SPEC = """name: small
catalog: c
database: d
storage: storage
libraries:
  - glob:
      include: a.sql
configuration:
  day: ""
"""


class SmallProject:
    def __init__(self, medallion, folder):
        self.medallion = medallion
        self.folder = folder
        (folder / "in").mkdir()
        (folder / "spark-pipeline.yml").write_text(SPEC)

    def write(self, sql):
        (self.folder / "a.sql").write_text(sql)

    def land(self, name, text):
        path = self.folder / "in" / name
        path.write_text(text)
        yesterday = time.time() - 86_400
        os.utime(path, (yesterday, yesterday))

    def run(self, *options):
        return self.medallion.run("run", *options, cwd=self.folder)

    def update(self, *options):
        done = self.run(*options)
        assert done.code == 0, done.out + done.err
        return done

    def rows(self, query):
        rows = self.medallion.check("sql", "--json", query, cwd=self.folder).json
        return [tuple(row.values()) for row in rows]

    def table(self, name):
        """Where the table's files are."""
        return self.folder / "storage" / "tables" / "c" / "d" / name
