"""Command lines: arguments, exit codes, printing."""
