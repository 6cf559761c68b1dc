"""What holds for all tests."""

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is; timing belongs to benchmarks.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

# What it asserts is told in full, as in a test.
pytest.register_assert_rewrite("stories.story")
