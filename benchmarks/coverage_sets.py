"""Sets of scored right and wrong detections from a stated distribution, instead of boxes.

Matching happens within an image and a bootstrap draws whole images, so that detections can be drawn
as right or wrong directly. Images differ in difficulty: in a hard one fewer objects are found, with
lower scores, and more is found that is not there. That is what makes images, not objects, the
unit that is drawn.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mmholdout.metrics.average_precision import average_precision
from mmholdout.metrics.judged_images import JudgedImages

POPULATION = 150_000  # images


@dataclass(frozen=True)
class Regime:
    """A distribution of images.

    Attributes:
        images: in a set.
        classes: the first is the most frequent; the last of 20 is a seventh as frequent.
        objects: mean per image, of all classes together; an image in seven has none.
        noise: wrong detections per image.
        skill: raises the share of objects found and their scores.
    """

    images: int
    classes: int
    objects: float = 3.0
    noise: float = 6.0
    skill: float = 1.0

    @cached_property
    def frequency(self):
        """Of the classes."""
        weights = 1 / (np.arange(self.classes) + 3)
        return weights / weights.sum()

    def draw(self, rng, images=None, scenes=None):
        """One set; with `scenes` from `draw_scenes`, of another model on the same images."""
        hard, image, labels, ease = scenes or self.draw_scenes(rng, images or self.images)
        images = len(hard)
        chance = 1 / (1 + np.exp(-(ease + self.skill + rng.normal(0, 0.7, len(image)))))
        found = rng.random(len(image)) < chance
        right_logit = (0.6 * ease + self.skill + rng.normal(0, 1, len(image)))[found]
        count = rng.poisson(self.noise * np.exp(0.4 * hard - 0.08))
        wrong_image = np.repeat(np.arange(images), count)
        wrong_labels = rng.choice(self.classes, len(wrong_image), p=self.frequency)
        wrong_logit = rng.normal(-1.2, 1.2, len(wrong_image))
        where = np.concatenate([image[found], wrong_image])
        what = np.concatenate([labels[found], wrong_labels])
        scores = 1 / (1 + np.exp(-np.concatenate([right_logit, wrong_logit])))
        is_true = np.arange(len(where)) < found.sum()
        order = np.lexsort((where, -scores, what))
        return JudgedImages(
            image=where[order],
            labels=what[order],
            scores=scores[order],
            is_true=is_true[order],
            object_image=image,
            object_labels=labels,
            num_images=images,
            num_classes=self.classes,
        )

    def draw_scenes(self, rng, images):
        """Difficulty of the images; image, label and ease of the objects."""
        hard = rng.normal(0, 1, images)
        count = np.where(rng.random(images) < 1 / 7, 0, rng.poisson(self.objects * 7 / 6, images))
        image = np.repeat(np.arange(images), count)
        labels = rng.choice(self.classes, len(image), p=self.frequency)
        ease = -0.8 * hard[image] + rng.normal(0, 0.7, len(image)) - 0.03 * labels
        return hard, image, labels, ease


def exact_aps(judged):
    """AP of each class of one large set."""
    aps = []
    for label in range(judged.num_classes):
        mine = slice(*np.searchsorted(judged.labels, [label, label + 1]))
        right = np.cumsum(judged.is_true[mine])
        precision = right / np.arange(1, len(right) + 1)
        total = (judged.object_labels == label).sum()
        aps.append(average_precision(right / total, precision))
    return np.array(aps)
