"""`python -m pipelines.costing` compiles the kernel and leaves it in numba's cache, so that no run has to
wait. Importing the kernel is what compiles it."""

from pipelines.costing.kernel import value_rows

if __name__ == "__main__":
    print(f"costing kernel ready: {len(value_rows.signatures)} signature compiled")
