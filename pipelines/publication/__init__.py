"""Publication: run identity, export, sealing, the published snapshot, its proof and its lock.

The order is: lock, work_folder, export, write_manifest, seal, publish. What is in the tables is dbt's; what
people read beside them (report, workbook, vouchers) is written into the export folder by other packages.
"""

from pipelines.publication.files import sha256_of_file
from pipelines.publication.identity import (
    InputFile,
    PreviousRun,
    RunInputs,
    code_hash,
    package_versions,
    run_id,
)
from pipelines.publication.locking import lock, work_folder
from pipelines.publication.manifest import Manifest, read_manifest, write_manifest
from pipelines.publication.proof import Finding, verify
from pipelines.publication.sealing import run_path, seal
from pipelines.publication.snapshot import current, current_snapshot, publish, published_run, repair, stale
from pipelines.publication.tables import PublicTable, export, public_tables

__all__ = [
    "Finding",
    "InputFile",
    "Manifest",
    "PreviousRun",
    "PublicTable",
    "RunInputs",
    "code_hash",
    "current",
    "current_snapshot",
    "export",
    "lock",
    "package_versions",
    "public_tables",
    "publish",
    "published_run",
    "read_manifest",
    "repair",
    "run_id",
    "run_path",
    "seal",
    "sha256_of_file",
    "stale",
    "verify",
    "work_folder",
    "write_manifest",
]
