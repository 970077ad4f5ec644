"""`compile` in a run."""

from __future__ import annotations

from pathlib import Path

import torch

from mmholdout.runner.train import train

CONFIG = Path(__file__).parents[1] / 'integration' / 'detectors' / 'ssd.py'


def weights_of(folder):
    return torch.load(folder / 'checkpoints' / 'last.pth', weights_only=True)['state_dict']


def test_a_compiled_run_validates_and_ends_as_the_plain_one(small_sample, tmp_path, capsys):
    torch._dynamo.reset()
    ends = []
    for name, options in (('plain', []), ('compiled', ["compile={'backend':'eager'}"])):
        options = [f'data_root={small_sample}', 'train_cfg.max_epochs=1', *options]
        train(str(CONFIG), options=options, work_dir=str(tmp_path / name), device='cpu')
        ends.append(weights_of(tmp_path / name))
    torch._dynamo.reset()
    plain, compiled = ends
    assert plain.keys() == compiled.keys()
    assert [key for key in plain if not torch.equal(plain[key], compiled[key])] == []
    assert capsys.readouterr().out.count('compile: training passes are compiled') == 1
