"""How the cost of a step and of a validation grows with image size, classes and batch.

    python benchmarks/growth.py [--config configs/ssdlite_voc_folder.py] [--rounds 5]

Random weights and images, threads as torch chooses them: milliseconds an image, medians. Validation
is loss and predictions of one forward pass, as in a run.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import torch
from convolution_peak import batch_of, model_of

from mmholdout.loops.held_out import held_out
from mmholdout.memory import keep_freed_memory
from mmholdout.models.loss_and_predictions import GroupedLoss, forward_eval

# image size, classes, batch
CASES = [(160, 20, 8), (320, 20, 8), (512, 20, 8), (320, 1, 8), (320, 80, 8), (320, 20, 2)]
CASES += [(320, 20, 32)]


def cost(config: str, size: int, classes: int, batch_size: int, rounds: int) -> tuple[float, float]:
    """Milliseconds an image of a training step, and of validation."""
    model = model_of(config, classes)
    batch = batch_of(batch_size, size)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-6, momentum=0.9)

    def step() -> None:
        data = model.data_preprocessor(batch, True)
        loss, _ = model.parse_losses(model(**data, mode='loss'))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    def validate() -> None:
        with held_out(model):
            _, raw = forward_eval(model, batch)
            grouped = GroupedLoss(model, batch_size)
            grouped.add(raw)
            grouped.finish()

    return tuple(_median(work, rounds) / batch_size for work in (step, validate))  # type: ignore


def _median(work: Callable[[], None], rounds: int) -> float:
    seconds = []
    for _ in range(rounds + 1):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return 1000 * statistics.median(seconds[1:])


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--config', default='configs/ssdlite_voc_folder.py')
    parser.add_argument('--rounds', type=int, default=5)
    options = parser.parse_args()
    keep_freed_memory()  # as a run does
    print('| image, px | classes | batch | training step, ms an image | validation, ms an image |')
    print('|---|---|---|---|---|')
    for case in CASES:
        step, validation = cost(options.config, *case, options.rounds)
        print(f'| {" | ".join(map(str, case))} | {step:.1f} | {validation:.1f} |', flush=True)
    return 0


if __name__ == '__main__':
    sys.exit(main())
