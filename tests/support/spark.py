"""The pinned Spark, in an environment of its own in the cache: about 500 MB, made on first use. Needs Java 17."""

import os
import pathlib
import subprocess
import venv

VERSION = "4.1.1"


def python():
    """The interpreter of that environment."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "medallion"
    home = cache / f"pyspark-{VERSION}"
    interpreter = home / "bin" / "python"
    if not interpreter.exists():
        venv.create(home, with_pip=True)
        subprocess.run([interpreter, "-m", "pip", "install", "-q", f"pyspark=={VERSION}"], check=True)
    return str(interpreter)


def run(script, *arguments):
    """What a Python script prints that Spark runs; an error shows all of its output."""
    environment = {**os.environ, "TZ": "UTC"}
    done = subprocess.run([python(), "-c", script, *map(str, arguments)], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
