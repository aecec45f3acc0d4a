"""The same model every day: earlier solutions are recalled for today's data (`history`)."""
