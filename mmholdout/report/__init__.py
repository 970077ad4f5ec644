"""What a run looked like: curves, lines, tables and verdicts, drawn from its history alone."""
