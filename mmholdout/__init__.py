"""Config-driven detector training in which the held-out splits stay held out."""

__version__ = '0.1.0'
