"""A run that has stopped early trains on only where its config now asks for more."""

import json

import pytest
import torch

STOPS = """
train_cfg = dict(max_epochs={epochs})
schedule = dict(_delete_=True, type='constant')
evaluation = dict(interval=1, train_eval=0)
custom_hooks = [
    dict(type='EarlyStoppingHook', monitor='mAP', patience={patience}, min_delta=1.0)
]
"""  # nothing counts as better than the first value


def text(epochs=5, patience=1):
    return STOPS.format(epochs=epochs, patience=patience)


def weights(folder):
    return torch.load(folder / 'checkpoints/last.pth', weights_only=True)['state_dict']


@pytest.mark.guarantee
def test_with_the_same_config_no_step_is_trained(train_small, copied_run, capsys, monkeypatch):
    from mmholdout.loops import train_loop

    folder = copied_run(text())
    files = ('summary.json', 'history.jsonl', 'checkpoints/best_model.pth')
    before, trained = [(folder / name).read_bytes() for name in files], weights(folder)
    assert json.loads(before[0])['stopped_epoch'] == 3
    monkeypatch.setattr(train_loop, 'train_step', None)
    capsys.readouterr()
    train_small(text(), folder, resume='last')
    assert [(folder / name).read_bytes() for name in files] == before
    assert all(torch.equal(trained[k], v) for k, v in weights(folder).items())
    out = capsys.readouterr().out
    assert 'has not improved on' in out and 'done: early_stop after epoch 3' in out
    assert 'had stopped early and is not trained on; raise patience or max_epochs' in out


@pytest.mark.guarantee
@pytest.mark.parametrize(
    ('changed', 'said', 'reason', 'epoch'),
    [
        ({'patience': 2}, 'patience is 2 now, so it goes on', 'early_stop', 4),
        pytest.param(
            *({'patience': 9}, 'patience is 9 now, so it goes on', 'max_epochs', 5),
            marks=pytest.mark.long,
        ),
        ({'epochs': 6}, 'max_epochs was raised from 5 to 6, so it goes on', 'early_stop', 4),
        ({'epochs': 4}, 'is not trained on', 'early_stop', 3),
    ],
)
def test_more_patience_or_epochs(train_small, copied_run, capsys, changed, said, reason, epoch):
    folder = copied_run(text())
    capsys.readouterr()
    train_small(text(**changed), folder, resume='last')
    assert said in capsys.readouterr().out
    summary = json.loads((folder / 'summary.json').read_text())
    assert (summary['stop_reason'], summary['stopped_epoch']) == (reason, epoch)


def test_a_run_that_reached_its_length_says_so_and_goes_on_when_that_is_raised(
    train_small, copied_run, capsys
):
    one, two = 'train_cfg = dict(max_epochs=1)', 'train_cfg = dict(max_epochs=2)'
    folder = copied_run(one)
    capsys.readouterr()
    train_small(one, folder, resume='last')
    assert 'max_epochs is reached; raise it in the config' in capsys.readouterr().out
    train_small(two, folder, resume='last')
    assert 'train_cfg.max_epochs: 1 -> 2' in capsys.readouterr().out
    assert len((folder / 'history.jsonl').read_text().splitlines()) == 2
