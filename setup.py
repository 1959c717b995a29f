"""For `scrapyd-deploy`, which runs this file to build an egg, and writes one of its own where none stands. All else is in pyproject.toml."""

from setuptools import setup

setup()
