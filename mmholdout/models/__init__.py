"""Fixes to detectors, and what validation needs of them."""
