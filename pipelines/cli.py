"""The `tieout` command: finds the subcommands in `commands/`, runs the Dagster job, and turns errors into
sentences.

What a subcommand does and prints is in its own module; this one alone joins the command line and Dagster.
"""

from __future__ import annotations

import atexit
import logging
import os
import pkgutil
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import click

from pipelines import commands

if TYPE_CHECKING:
    import dagster

    from pipelines.messages import TieoutError
    from pipelines.session import Session

EXIT_INTERRUPTED = 130


class Commands(click.Group):
    """A group whose subcommands are the modules of `pipelines/commands`, each with a `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names of the modules, a blank module name starting with `_` left out."""
        return [
            part.name for part in pkgutil.iter_modules(commands.__path__) if not part.name.startswith("_")
        ]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None when there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{commands.__name__}.{cmd_name}").command
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tieout")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Keep the inventory system and the general ledger in agreement · 进销存与总账对账.

    Exit codes · 退出码: 0 ready to close · 可以结账; 1 a gate stopped the run · 检查未通过; 2 usage or
    settings · 用法或设置有误; 3 differences to correct or unidentified, or one side only ·
    有待更正或待查的差异，或只有一方.
    """
    ctx.obj = Launcher()


class Launcher:
    """Executes one period of a session as a run of the Dagster job, in this process."""

    def __init__(self) -> None:
        """Nothing is imported before the first run."""
        self._jobs: dict[str, dagster.JobDefinition] = {}

    def __call__(self, session: Session, period: str) -> None:
        """Run all steps of the period; what stops one is raised as it was."""
        os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
        import dagster

        logging.getLogger("great_expectations").propagate = False  # it reports its temporary folders
        root = str(session.books.root)
        if root not in self._jobs:
            from pipelines.definitions import build

            self._jobs[root] = build(session.books).resolve_job_def("period")
        home = os.environ.get("DAGSTER_HOME")
        instance = dagster.DagsterInstance.get() if home else dagster.DagsterInstance.ephemeral()
        with instance:
            try:
                self._jobs[root].execute_in_process(
                    partition_key=period,
                    resources={"session": session},
                    instance=instance,
                    run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                )
            except dagster.Failure:  # Dagster keeps a version without delivered text
                if session.stopped_by is None:
                    raise
                raise session.stopped_by from None


def main(arguments: list[str] | None = None) -> NoReturn:
    """Entry of the console script: exits with the command's code.

    What was registered for the exit is done, but the interpreter is not taken down piece by piece: that
    costs half a second, and DuckDB's binding reports its own objects as leaked.
    """
    code = run(sys.argv[1:] if arguments is None else arguments)
    atexit._run_exitfuncs()  # noqa: SLF001 - there is no other way to keep what others registered
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line; prints errors as sentences and returns the exit code."""
    from pipelines.commands._common import forget_language

    forget_language()
    try:
        code = cli.main(arguments, prog_name="tieout", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    except Exception as error:
        from pipelines.messages import TieoutError

        if isinstance(error, TieoutError):
            return _explain(error)
        raise
    return code if isinstance(code, int) else 0


def _explain(error: TieoutError) -> int:
    """The sentence in the language of the books, in both where they could not be read."""
    from pipelines.commands._common import language_in_use

    language = language_in_use()
    click.echo(error.text(language) if language else str(error), err=True)
    return error.exit_code
