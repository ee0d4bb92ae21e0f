"""What a delivery is expected to be: one suite of checks per contract table, declared as data and SQL.

Running the suites and writing their results is in `pipelines/gate.py`; casting rows and setting them aside is
staging's.
"""
