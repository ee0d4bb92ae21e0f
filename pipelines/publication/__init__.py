"""Publication: run identity, export, sealing, the published snapshot, its proof and its lock.

The order is: lock, work_folder, export, write_manifest, seal, publish. What is in the tables is dbt's; what
people read beside them (report, workbook, vouchers) is written into the export folder by other packages.
"""

from pipelines.publication.changes import Change, changes_between
from pipelines.publication.files import sha256_of_file
from pipelines.publication.identity import (
    InputFile,
    PreviousRun,
    RunInputs,
    code_hash,
    package_versions,
    run_id,
)
from pipelines.publication.kept import find_run, kept_runs, runs_beginning, two_runs
from pipelines.publication.locking import Holder, holder, lock, work_folder
from pipelines.publication.manifest import Manifest, read_manifest, write_manifest
from pipelines.publication.proof import Finding, verify
from pipelines.publication.sealing import run_path, seal
from pipelines.publication.snapshot import current, current_snapshot, publish, published_run, repair
from pipelines.publication.tables import PublicTable, export, public_tables

__all__ = [
    "Change",
    "Finding",
    "Holder",
    "InputFile",
    "Manifest",
    "PreviousRun",
    "PublicTable",
    "RunInputs",
    "changes_between",
    "code_hash",
    "current",
    "current_snapshot",
    "export",
    "find_run",
    "holder",
    "kept_runs",
    "lock",
    "package_versions",
    "public_tables",
    "publish",
    "published_run",
    "read_manifest",
    "repair",
    "run_id",
    "run_path",
    "runs_beginning",
    "seal",
    "sha256_of_file",
    "two_runs",
    "verify",
    "work_folder",
    "write_manifest",
]
