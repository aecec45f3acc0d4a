"""The rows of the table, one module each."""

ORDER = (
    "mutants", "checker", "claims", "signals", "workers", "disks", "memory", "names", "bombs", "plugins",
    "limits", "determinism",
)  # fmt: skip
