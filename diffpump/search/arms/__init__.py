"""The arms, one file each (see `diffpump.search`)."""
