"""What holds for all tests."""

import atexit
import os
import shutil
import sys
import tempfile

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is; timing belongs to benchmarks.
# The same examples in every run: what fails, fails for everybody. `--hypothesis-profile search` looks for others.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", settings.get_profile("search"), derandomize=True, database=None)
settings.load_profile("steady")

# What it asserts is told in full, as in a test.
pytest.register_assert_rewrite("stories.story")

if "PYTEST_XDIST_WORKER" not in os.environ:
    # Hundreds of processes import the same modules: they are compiled once, whatever the environment says, and not
    # beside the sources. The workers and all that tests start inherit it.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = tempfile.mkdtemp(prefix="formance-codegen-pyc-")
    sys.dont_write_bytecode = False
    atexit.register(shutil.rmtree, sys.pycache_prefix, ignore_errors=True)
