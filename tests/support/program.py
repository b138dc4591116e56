"""The program under test, from outside."""

import json
import os
import subprocess
from dataclasses import dataclass


@dataclass
class Completed:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return [json.loads(line) for line in self.out.splitlines()]


class Medallion:
    def __init__(self, path, retail_spec):
        self.path = str(path)
        self.retail_spec = retail_spec

    def environment(self, extra=None):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("MEDALLION_")}
        for name in ("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"):
            environment.pop(name, None)
        environment.update(extra or {})
        return environment

    def run(self, *arguments, cwd=None, stdin=None, env=None, prefix=(), timeout=600):
        """Runs the program and waits; any exit code is fine."""
        done = subprocess.run(
            [*map(str, prefix), self.path, *map(str, arguments)],
            cwd=cwd,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            env=self.environment(env),
            timeout=timeout,
        )
        return Completed(done.returncode, done.stdout, done.stderr)

    def check(self, *arguments, **options):
        """As run, but the exit code must be 0."""
        done = self.run(*arguments, **options)
        assert done.code == 0, f"exit code {done.code} of {arguments}\n{done.out}\n{done.err}"
        return done

    def retail_arguments(self, storage, source, *options, as_of_date=None):
        arguments = ["run", "--spec", self.retail_spec, "--storage", storage, "--set", f"source={source}"]
        if as_of_date:
            arguments += ["--set", f"as_of_date={as_of_date}"]
        return [*arguments, *options]

    def run_retail(self, storage, source, *options, as_of_date=None, **keywords):
        return self.check(*self.retail_arguments(storage, source, *options, as_of_date=as_of_date), **keywords)

    def sql(self, storage, query):
        """The rows of a query as dictionaries; DECIMAL, dates and times are texts."""
        return self.check("sql", "--storage", storage, "--json", query, cwd="/").json

    def tables(self, storage):
        """name → version of every table."""
        rows = self.check("table", "list", "--storage", storage, "--json", cwd="/").json
        return {row["table"]: row["version"] for row in rows}
