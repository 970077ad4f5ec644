"""The embedded sample data set: rendered on the spot, small, deterministic; no torch."""
