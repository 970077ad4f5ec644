"""Detection metrics as arithmetic on NumPy arrays: matching, average precision, F1."""
