"""Which images belong to which split, whether splits overlap, and how often test was used."""
