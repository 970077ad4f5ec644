"""A metric of your own that can be monitored: is the number of objects right?"""

from mmholdout.evaluation.ground_truth import read_ground_truth
from mmholdout.evaluation.predictions import read_predictions
from mmholdout.registry import METRICS


@METRICS.register_module()
class CountMetric:
    """How far the number of detections in an image is off, on average over the images.

    Counting parts in a box asks for no more. Where the boxes are plays no part, so it belongs
    beside VOCMetric and not in its place.

    Args:
        score_thr: detections below it are not counted.
    """

    def __init__(self, score_thr: float = 0.5) -> None:
        self.score_thr = score_thr
        self._truth, self._counts = {}, {}

    @staticmethod
    def declared_keys(classes=(), iou_thr=0.5):  # noqa: ARG004
        """Its keys and which way they are better, known before any data is read."""
        return {'count_error': 'min', 'count_exact': 'max'}

    def begin(self, dataset, score_thr=None):  # noqa: ARG002
        """Start a pass. The threshold is fixed, so that of validation is not needed."""
        truth = read_ground_truth(dataset)
        self._truth = {img_id: int((~one.ignore).sum()) for img_id, one in truth.items()}
        self._counts = {}

    def process(self, data_batch, data_samples):  # noqa: ARG002
        """Count one batch's detections."""
        for sample in data_samples:
            img_id, found = read_predictions(sample)
            self._counts[img_id] = int((found.scores >= self.score_thr).sum())

    def compute(self):
        """Mean absolute error of the count, and the share of images that have it right."""
        errors = [abs(self._counts[img_id] - count) for img_id, count in self._truth.items()]
        return {
            'count_error': sum(errors) / len(errors),
            'count_exact': errors.count(0) / len(errors),
        }
