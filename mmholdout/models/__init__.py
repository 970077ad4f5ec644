"""Detectors' fixes, and loss and predictions of validation from one forward pass."""

from mmholdout.models import ssd_head  # noqa: F401  (registers)
