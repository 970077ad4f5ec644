"""Generators of mmdet, and every prior that they make."""

import numpy as np
import pytest


def every_prior(generator, padded):
    """All priors of one image as (level, its boxes (P, 4)), from the generator itself."""
    sizes = [(-(-padded[1] // int(s[1])), -(-padded[0] // int(s[0]))) for s in generator.strides]
    return [p.double().numpy() for p in generator.grid_priors(sizes, device='cpu')]


@pytest.fixture(scope='session')
def all_priors():
    return every_prior


@pytest.fixture(scope='session')
def generators():
    """One of each kind, small enough to try every prior."""
    from mmdet.models.task_modules import prior_generators as kinds

    from mmholdout import registry  # noqa: F401  (makes mmdet importable)

    return {
        'ssd': kinds.SSDAnchorGenerator(
            strides=[8, 16, 33],
            ratios=[[2], [2, 3], [1.5]],
            min_sizes=[10, 24, 50],
            max_sizes=[24, 50, 90],
            input_size=96,
            scale_major=False,
        ),
        'ssd300': kinds.SSDAnchorGenerator(
            strides=[8, 16, 32, 64, 100, 300],
            ratios=[[2], [2, 3], [2, 3], [2, 3], [2], [2]],
            basesize_ratio_range=(0.15, 0.9),
            input_size=300,
            scale_major=False,
        ),
        'yolo': kinds.YOLOAnchorGenerator(
            strides=[32, 16, 8],
            base_sizes=[[(60, 40), (50, 90)], [(30, 30), (16, 44)], [(8, 8), (20, 9)]],
        ),
        'retina': kinds.AnchorGenerator(
            strides=[8, 16, 32],
            ratios=[0.5, 1.0, 2.0],
            octave_base_scale=3.1,  # the corners of a scale of 3 differ by rounding alone
            scales_per_octave=2,
        ),
        'rpn': kinds.AnchorGenerator(
            strides=[(16, 8), (32, 32)], ratios=[0.7, 1.4], scales=[1.5, 2.5], center_offset=0.5
        ),
    }


@pytest.fixture(scope='session')
def levels(generators):
    """The same as levels."""
    from mmholdout.priors.level import Level

    return {
        name: [
            Level(base.double().numpy(), (float(stride[0]), float(stride[1])))
            for base, stride in zip(generator.base_anchors, generator.strides)
        ]
        for name, generator in generators.items()
    }


@pytest.fixture
def make_boxes():
    """Boxes from {class: [(width, height), ...]}, one image of 96 x 96 px each, in the middle."""
    from mmholdout.priors.coverage import Boxes

    def make(by_class, *, at=(48.0, 48.0), image=(96, 96)):
        labels, bboxes = [], []
        for label, sizes in enumerate(by_class.values()):
            for w, h in sizes:
                labels.append(label)
                bboxes.append((at[0] - w / 2, at[1] - h / 2, at[0] + w / 2, at[1] + h / 2))
        frames = np.broadcast_to(np.array(image, dtype=np.int64), (len(labels), 2))
        return Boxes(
            np.array(bboxes, dtype=np.float64).reshape(-1, 4),
            np.array(labels, dtype=np.int64),
            frames,
            frames,
            tuple(by_class),
        )

    return make
