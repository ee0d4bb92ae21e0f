"""One module per subcommand, each with a `command`; modules that start with `_` serve several of them.

They import what costs time when they run, not when they are listed.
"""
