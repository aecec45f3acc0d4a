"""The same model every day: earlier solutions (`history`) and trained families (`learn`)."""
