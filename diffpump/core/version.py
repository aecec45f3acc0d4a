"""The version of the package, as `diffpump --version` and every record state it."""

__version__ = "0.1.0"
