"""Measured quality and speed: `python -m benchmarks.NAME [--size small|full] [--json]`, one module per
figure.

Whether a change may pass is decided by tests; here are the numbers that are printed and published.
"""
