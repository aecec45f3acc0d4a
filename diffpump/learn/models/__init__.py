"""The models of families, a file each (`learn.model`)."""
