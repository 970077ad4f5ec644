"""Whether, and how often, a run validates changes no byte of what it trains."""

from __future__ import annotations

import hashlib
from itertools import product
from pathlib import Path

import pytest
import torch

from mmholdout.monitor.interval import ValidationInterval
from mmholdout.runner.train import train

FASTER_RCNN = Path(__file__).parent / 'components' / 'drop_block_in_two_stages.py'
NEVER = None


@pytest.fixture
def digest_of_run(few_images, tmp_path, monkeypatch):
    """Trains three epochs; gives the sha256 of all weights and of the optimizer's state."""

    def run(config, interval, workers):
        path = tmp_path / f'{interval}_{workers}.py'
        path.write_text(
            f'_base_ = [{str(config)!r}]\n'
            f'data_root = {str(few_images)!r}\n'
            f'loader = dict(num_workers={workers}, persistent_workers={bool(workers)})\n'
            'train_dataloader = dict(batch_size=4, **loader)\n'
            'val_dataloader = dict(batch_size=5, **loader)\n'
            f'evaluation = dict(interval={interval or 1}, train_eval=3)\n'
            'train_cfg = dict(max_epochs=3)\n'
            'custom_hooks = []\n'
        )
        folder = tmp_path / path.stem
        with monkeypatch.context() as patch:
            if interval is NEVER:
                for name in ('due_after_epoch', 'due_after_iter'):
                    patch.setattr(ValidationInterval, name, lambda *_, **__: False)
            train(str(path), work_dir=str(folder), device='cpu')
        validations = (folder / 'history.jsonl').read_text().count('"val/loss"')
        assert validations == (0 if interval is NEVER else 3 // interval)
        content = torch.load(folder / 'checkpoints' / 'last.pth', weights_only=True)
        return _sha256({k: content[k] for k in ('state_dict', 'optimizer', 'module_values')})

    return run


def _sha256(value):
    state = hashlib.sha256()

    def feed(part):
        if isinstance(part, torch.Tensor):
            state.update(part.contiguous().numpy().tobytes())
        elif isinstance(part, dict):
            for key, member in part.items():
                state.update(str(key).encode())
                feed(member)
        elif isinstance(part, list | tuple):
            for member in part:
                feed(member)
        else:
            state.update(repr(part).encode())

    feed(value)
    return state.hexdigest()


@pytest.mark.guarantee
@pytest.mark.long
@pytest.mark.timeout(600)
def test_dropout_augmentation_and_sampled_proposals_go_on_as_without_validation(digest_of_run):
    """Faster R-CNN with DropBlock, its RandomSampler, a random crop and a colour distortion."""
    digests = {
        (interval, workers): digest_of_run(FASTER_RCNN, interval, workers)
        for interval, workers in product((1, 3, NEVER), (0, 2, 4))
    }
    assert len(set(digests.values())) == 1, digests


@pytest.mark.guarantee
def test_a_run_that_validates_trains_what_one_that_never_does_trains(digest_of_run):
    once, never = (digest_of_run(FASTER_RCNN, interval, 0) for interval in (1, NEVER))
    assert once == never
