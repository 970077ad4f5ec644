import json

import pytest

from mmholdout.runner.verify_steering import replay_run, verify_steering


def edit(subject, **changes):
    path = subject.folder / 'summary.json'
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_what_happened_is_what_follows(subject):
    best_key, replayed = replay_run(subject.words(), subject.rows())
    assert best_key == 'val/mAP'
    assert replayed.stop_epoch == len(subject.rows()) and replayed.cuts
    verify_steering(subject)
    assert not subject.found.problems
    assert 'early stop after epoch' in subject.found.passed[0]


@pytest.mark.parametrize(
    'changes',
    [
        {'best_epoch': 77},
        {'best': 0.123},
        {'monitor': 'val/AP50'},
        {'lr_cuts': [1]},
        {'stopped_epoch': 2},
        {'stop_reason': 'max_epochs'},
        {'stop_reason': 'max_iters'},
    ],
)
def test_a_summary_that_says_something_else(subject, changes):
    edit(subject, **changes)
    verify_steering(subject)
    (name,) = changes
    assert any('summary.json says' in one for one in subject.found.problems), name


def test_an_interrupted_run_may_end_anywhere(subject):
    edit(subject, stop_reason='interrupted', stopped_epoch=2)
    verify_steering(subject)
    assert not subject.found.problems


def test_a_run_without_a_summary(subject):
    (subject.folder / 'summary.json').unlink()
    verify_steering(subject)
    assert not subject.found.problems and subject.found.passed


def test_a_run_that_should_have_stopped(subject):
    path = subject.folder / 'history.jsonl'
    last = json.loads(path.read_text().splitlines()[-1])
    more = {**last, 'epoch': 6, 'iter': 18}
    path.write_text(path.read_text() + json.dumps(more) + '\n')
    edit(subject, stop_reason='max_epochs', stopped_epoch=6)
    verify_steering(subject)
    assert any('was to stop after epoch' in one for one in subject.found.problems)


def test_a_better_row_than_the_one_that_was_kept(subject):
    path = subject.folder / 'history.jsonl'
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[-1]['val/mAP'] = 0.9
    path.write_text(''.join(json.dumps(row) + '\n' for row in rows))
    verify_steering(subject)
    problems = '\n'.join(subject.found.problems)
    assert 'best_epoch is' in problems and 'best_model.pth is of epoch' in problems


def test_any_number_of_the_best_epoch(subject):
    best = json.loads((subject.folder / 'summary.json').read_text())['best_epoch']
    path = subject.folder / 'history.jsonl'
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[best - 1]['val/loss'] += 1e-9
    path.write_text(''.join(json.dumps(row) + '\n' for row in rows))
    verify_steering(subject)
    assert any('val/loss of the best epoch' in one for one in subject.found.problems)


def test_steering_of_ones_own_is_not_replayed_and_said(subject, monkeypatch):
    from mmholdout.hooks import SteeringHook
    from mmholdout.registry import HOOKS

    mine = type('MyHook', (SteeringHook,), {'__module__': 'my_project.hooks'})
    monkeypatch.setattr(HOOKS, '_module_dict', {**HOOKS.module_dict, 'MyHook': mine})
    path = subject.folder / 'config.py'
    text = path.read_text()
    path.write_text(text.replace('custom_hooks = [', "custom_hooks = [{'type': 'MyHook'}, "))
    edit(subject, lr_cuts=[1, 2, 3])
    verify_steering(subject)
    assert not subject.found.problems
    assert 'MyHook' in subject.found.not_checked[0]


@pytest.mark.parametrize('rules', [['a', 'b'], None])
def test_rules_that_were_changed_on_resume(subject, rules):
    """Cuts and stop follow from both sets of rules, of which one is not here any more."""
    import torch

    from mmholdout.runner.checkpoint import write_checkpoint

    path = subject.folder / 'checkpoints' / 'last.pth'
    content = torch.load(path, weights_only=True)
    content['meta'].pop('steering')
    if rules:
        content['meta']['steering'] = rules
    write_checkpoint(path, {k: v for k, v in content.items() if k not in ('format', 'digests')})
    edit(subject, lr_cuts=[1, 2, 3], stopped_epoch=2)
    verify_steering(subject)
    assert not subject.found.problems
    assert 'changed on resume' in subject.found.not_checked[0]


@pytest.mark.parametrize('name', ['config.py', 'history.jsonl'])
def test_what_was_changed_is_not_replayed(subject, name):
    subject.changed.add(name)
    verify_steering(subject)
    assert name in subject.found.not_checked[0] and not subject.found.passed


def test_an_empty_history(subject):
    (subject.folder / 'history.jsonl').write_text('')
    verify_steering(subject)
    assert 'no rows' in subject.found.not_checked[0]


def test_significance_is_not_replayed(subject, monkeypatch):
    words = subject.words()
    for hook in words['custom_hooks']:
        if hook['type'] == 'EarlyStoppingHook':
            hook['significance'] = 0.9
    monkeypatch.setattr(type(subject), 'words', lambda self: words)
    edit(subject, stopped_epoch=2)
    verify_steering(subject)
    assert not subject.found.problems
    assert any('significance= compared detections' in one for one in subject.found.not_checked)
