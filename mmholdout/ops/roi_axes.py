"""Where RoIAlign takes its samples: the two axes are independent of each other.

He et al., Mask R-CNN, https://arxiv.org/abs/1703.06870, section 3; the borders and the rounding are
those of mmcv's compiled operator.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Axis:
    """One axis of N rois on a feature map, in pixels of the map.

    Args:
        start: (N,) the roi's left or top edge.
        step: (N,) the extent of a bin.
        grid: (N,) int64, samples per bin; 0 in a roi without extent.
        bins: bins per roi.
        length: pixels of the map.
    """

    start: Tensor
    step: Tensor
    grid: Tensor
    bins: int
    length: int

    def of(self, rois: Tensor) -> Axis:
        """The same of some of the rois."""
        return Axis(self.start[rois], self.step[rois], self.grid[rois], self.bins, self.length)

    def positions(self) -> tuple[Tensor, Tensor]:
        """Samples (N, bins, G), G the largest grid or 1, and which of them exist (N, 1, G)."""
        grid = self.grid[:, None, None]
        numbers = torch.arange(max(int(grid.max()), 1), device=grid.device)
        step = self.step[:, None, None]
        bins = torch.arange(self.bins, device=self.start.device)[:, None]
        start = self.start[:, None, None] + bins * step
        return start + (numbers + 0.5) * step / grid.clamp(min=1), numbers < grid

    def taps(self) -> tuple[Tensor, Tensor]:
        """Each bin's mean over its samples as a weighted sum over pixels.

        Returns:
            pixels: (N, bins, T) int64, neighbours; within the map.
            weights: (N, bins, T); 0 where a bin has fewer pixels than T.
        """
        positions, exist = self.positions()
        low, high, weight_low, weight_high = bilinear(positions, self.length)
        share = exist / self.grid[:, None, None].clamp(min=1).to(positions.dtype)
        weight_low, weight_high = weight_low * share, weight_high * share
        used = weight_low + weight_high > 0
        first = torch.where(used, low, self.length - 1).amin(2, keepdim=True)
        last = torch.where(used, high, 0).amax(2, keepdim=True)
        count = max(int((last - first).max()) + 1, 1)
        weights = self.start.new_zeros(*low.shape[:2], count)
        weights.scatter_add_(2, (low - first).clamp(0, count - 1), weight_low)
        weights.scatter_add_(2, (high - first).clamp(0, count - 1), weight_high)
        pixels = first + torch.arange(count, device=first.device)
        return pixels.clamp(max=self.length - 1), weights


def bilinear(positions: Tensor, length: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Lower and upper pixel and their weights, for positions of any shape.

    A pixel's centre is at its whole number. Up to one pixel outside of the map its border counts;
    farther out both weights are 0.
    """
    inside = (positions >= -1) & (positions <= length)
    positions = torch.where(inside, positions, 0).clamp(0, length - 1)
    low = positions.long()
    high = (low + 1).clamp(max=length - 1)
    weight_high = positions - low
    return low, high, (1 - weight_high) * inside, weight_high * inside


def axes(
    rois: Tensor,
    bins: tuple[int, int],
    lengths: tuple[int, int],
    spatial_scale: float,
    sampling_ratio: int,
    aligned: bool,
) -> tuple[Axis, Axis]:
    """The vertical and the horizontal axis of rois (N, 5): image, x1, y1, x2, y2.

    `bins` are the rows and columns of the output, `lengths` the height and width of the feature
    map. A `sampling_ratio` is the number of samples per bin and axis; 0 means as many as a bin has
    pixels, rounded up. With `aligned` rois are shifted by half a pixel; without, they are at least
    one pixel wide and high.
    """
    edges = rois[:, 1:] * spatial_scale - (0.5 if aligned else 0.0)
    made = []
    for low, bin_count, length in zip((1, 0), bins, lengths):
        extent = edges[:, low + 2] - edges[:, low]
        if not aligned:
            extent = extent.clamp(min=1)
        step = extent / bin_count
        grid = torch.full_like(step, sampling_ratio) if sampling_ratio > 0 else step.float().ceil()
        made.append(Axis(edges[:, low], step, grid.long(), bin_count, length))
    return made[0], made[1]


def chunks(costs: Tensor, budget: int, alike: bool = False) -> Iterator[Tensor]:
    """Rois (K,) whose summed cost, each taken as the largest, is within `budget`; or a single one.

    A roi costs the product of its two numbers in `costs` (N, 2) int64. With `alike` all rois of a
    chunk have the same two.
    """
    if len(costs) == 0:
        return
    order = torch.argsort(costs[:, 0] * (int(costs[:, 1].max()) + 1) + costs[:, 1])
    start, height, width = 0, 0, 0
    for place, (cost_y, cost_x) in enumerate(costs[order].tolist()):
        differs = alike and (cost_y, cost_x) != (height, width)
        height, width = max(height, cost_y), max(width, cost_x)
        if place > start and (differs or (place + 1 - start) * height * width > budget):
            yield order[start:place]
            start, height, width = place, cost_y, cost_x
    yield order[start:]
