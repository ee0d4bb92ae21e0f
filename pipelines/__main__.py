"""`python -m pipelines` is the `tieout` command.

The command itself is in `cli.py`.
"""

from pipelines.cli import main

main()
