"""Metric shells: they read datasets and predictions, and leave the arithmetic to `metrics`."""

from mmholdout.evaluation.detection_metric import DetectionMetric
from mmholdout.evaluation.voc_metric import VOCMetric

__all__ = ['DetectionMetric', 'VOCMetric']
