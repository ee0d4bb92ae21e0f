"""How much the property tests of costing invent, and that they leave nothing behind in the repository."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "costing", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("costing")
