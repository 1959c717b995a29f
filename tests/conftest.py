"""For all tests: hypothesis without a clock, since a machine that runs other things too is slow at times."""

from hypothesis import settings

settings.register_profile("project", deadline=None)
settings.load_profile("project")
