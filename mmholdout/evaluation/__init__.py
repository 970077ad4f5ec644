"""Metric shells: they read datasets and predictions, and leave the arithmetic to `metrics`."""

from mmholdout.evaluation.coco_metric import COCOMetric
from mmholdout.evaluation.error_metric import ErrorMetric
from mmholdout.evaluation.voc_metric import VOCMetric

__all__ = ['COCOMetric', 'ErrorMetric', 'VOCMetric']
