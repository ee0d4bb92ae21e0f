"""Dagster only: one file per step, each with a function `build(books)` that returns its definitions.

What a step does is in `pipelines/steps.py` and reached through the session; nothing here computes.
"""
