import math
from types import SimpleNamespace

import pytest

from mmholdout.errors import ConfigError
from mmholdout.hooks import EarlyStoppingHook

NEVER = None


@pytest.mark.parametrize(
    ('values', 'options', 'stop'),
    [
        ([0.1 + 0.005 * i for i in range(20)], {'patience': 2}, NEVER),
        ([0.5] * 9, {'patience': 2}, 4),
        ([0.5] * 9, {'patience': 0}, 2),
        ([0.0] * 9, {'patience': 2}, 4),
        ([0.5, 0.6, 0.5, 0.6, 0.6, 0.6], {'patience': 2}, 5),
        ([0.5, math.nan, 0.4, 0.3], {'patience': 2}, 4),
        ([math.nan] * 5, {'patience': 2}, 3),
        ([0.5] * 9, {'patience': 2, 'begin': 3}, 6),
        ([0.5, 0.55, 0.56, 0.57], {'patience': 1, 'min_delta': 0.1}, 3),
    ],
)
def test_stops(scripted, values, options, stop):
    run = scripted(EarlyStoppingHook('mAP', **options))
    ended = run.run(values)
    assert run.train_loop.stop_training == (stop is not NEVER)
    assert ended == (len(values) if stop is NEVER else stop)
    assert run.stop_reason == (None if stop is NEVER else 'early_stop')


def test_sentence_names_both_units(scripted):
    run = scripted(EarlyStoppingHook('mAP', patience=1), interval=3)
    assert run.run([0.5, 0.5, 0.5, 0.5]) == 9
    assert '2 validations = 6 epochs' in run.said[-1]


def stopped_state(scripted):
    hook = EarlyStoppingHook('mAP', patience=1)
    scripted(hook).run([0.5, 0.4, 0.4])
    return hook.state_dict()


def resumed(scripted, state, patience=1, **limits):
    """The stopped run once more, with another patience or another length."""
    hook = EarlyStoppingHook('mAP', patience=patience)
    hook.load_state_dict(state)
    run = scripted(hook)
    vars(run.train_loop).update(limits)
    return run, hook


def test_a_stopped_run_stays_stopped_and_says_why(scripted):
    run, _ = resumed(scripted, stopped_state(scripted))
    assert run.run([0.9]) == 0
    assert run.stop_reason == 'early_stop'
    assert 'has not improved on 0.5 (epoch 1)' in run.said[0]
    assert 'not trained on; raise patience or max_epochs' in run.said[1]


@pytest.mark.parametrize(
    ('changed', 'said'),
    [
        ({'patience': 2}, 'patience is 2 now, so it goes on'),
        ({'max_epochs': 101}, 'max_epochs was raised from 100 to 101, so it goes on'),
        ({'patience': 5, 'max_epochs': 120}, 'patience is 5 now and max_epochs was raised'),
    ],
)
def test_more_patience_or_more_epochs_let_it_go_on(scripted, changed, said):
    run, _ = resumed(scripted, stopped_state(scripted), **changed)
    assert run.run([0.9, 0.9]) == 2
    assert run.stop_reason is None
    assert 'the run had stopped early: val/mAP has not' in run.said[0] and said in run.said[0]


@pytest.mark.parametrize('changed', [{'patience': 0}, {'max_epochs': 99}])
def test_less_does_not(scripted, changed):
    run, _ = resumed(scripted, stopped_state(scripted), **changed)
    assert run.run([0.9]) == 0 and run.stop_reason == 'early_stop'


def test_its_count_goes_on(scripted):
    run, _ = resumed(scripted, stopped_state(scripted), max_epochs=200)
    assert run.run([0.4, 0.4]) == 1
    assert '3 validations' in run.said[-1] and run.stop_reason == 'early_stop'
    run, _ = resumed(scripted, stopped_state(scripted), patience=3)
    assert run.run([0.4, 0.4, 0.4]) == 2


def test_interrupted_before_its_next_validation_it_still_may_go_on(scripted):
    """The saved state still says stopped; the raised length must not count as the old one."""
    run, hook = resumed(scripted, stopped_state(scripted), max_epochs=200)
    run.call('before_train')
    again, _ = resumed(scripted, hook.state_dict(), max_epochs=200)
    assert again.run([0.9]) == 1


def test_stopped_again_the_present_length_counts(scripted):
    run, hook = resumed(scripted, stopped_state(scripted), max_epochs=200)
    run.run([0.4])
    again, _ = resumed(scripted, hook.state_dict(), max_epochs=200)
    assert again.run([0.9]) == 0


def test_a_length_in_iterations(scripted):
    hook = EarlyStoppingHook('mAP', patience=1)
    run = scripted(hook)
    run.train_loop.limit = 'max_iters'
    run.run([0.5, 0.4, 0.4])
    for max_iters, ended in ((1000, 0), (2000, 1)):
        run, _ = resumed(scripted, hook.state_dict(), limit='max_iters', max_iters=max_iters)
        assert run.run([0.9]) == ended


def test_unknown_monitor_names_the_near_one(scripted):
    with pytest.raises(ConfigError, match=r"'val/map'.*val/mAP.*Did you mean 'val/mAP'\?"):
        scripted(EarlyStoppingHook('val/map')).run([0.1])


class Validated:
    """Gives a validation's result when the hook asks for it, one after the other."""

    def __init__(self, results, images=60):
        self.loaders = {'val': SimpleNamespace(dataset=range(images))}
        self._results = iter(results)

    @property
    def metrics(self):
        return [SimpleNamespace(result=next(self._results))]


def significant(scripted, results, state=None, images=60, significance=0.95, **options):
    hook = EarlyStoppingHook('mAP', significance=significance, **options)
    if state is not None:
        hook.load_state_dict(state)
    run = scripted(hook)
    run.val_loop = Validated(results, images)
    return run, hook


def test_what_may_be_luck_is_no_improvement(scripted, voc_results):
    good, bad, as_bad = voc_results
    run, hook = significant(scripted, [bad, as_bad, good, good], patience=5)
    run.run([0.30, 0.31, 0.6, 0.61])  # the second and the last are better by their values
    assert hook.decision.num_bad == 1
    assert (hook.decision.best, hook.decision.best_epoch) == (0.6, 3)
    assert run.said[0].startswith(
        'Epoch 2: EarlyStoppingHook, val/mAP: 0.31 is better than 0.3 (epoch 1), but P(better) = 0.'
    )
    assert run.said[0].endswith(' < 0.95, so it counts as no improvement')
    assert 'P(better) = 0.50 < 0.95' in run.said[1]


def test_the_stop_says_what_was_found(scripted, voc_results):
    run, _ = significant(scripted, [voc_results[1]] * 3, patience=1)
    assert run.run([0.3, 0.31, 0.32]) == 3
    assert run.said[-1].endswith(' (patience 1); of the last one P(better) = 0.50 < 0.95')


def test_without_it_values_decide_and_no_metric_is_asked(scripted):
    run, hook = significant(scripted, [], significance=None, patience=1)
    assert run.run([0.3, 0.31, 0.32]) == 3 and not run.said
    assert 'sample' not in hook.state_dict() and 'doubt' not in hook.state_dict()


def test_a_resumed_run_decides_alike(scripted, voc_results):
    good, bad, as_bad = voc_results
    results, values = [bad, as_bad, good, as_bad, good], [0.3, 0.31, 0.6, 0.3, 0.61]
    whole, hook = significant(scripted, results, patience=9)
    whole.run(values)
    for at in range(1, len(values)):
        first, before = significant(scripted, results[:at], patience=9)
        first.run(values[:at])
        rest, after = significant(scripted, results[at:], before.state_dict(), patience=9)
        rest.train_loop.epoch = at
        rest.run(values[at:])
        assert first.said + rest.said == whole.said
        assert after.decision.state_dict() == hook.decision.state_dict()


def test_asked_for_on_resume_it_waits_for_a_sample_and_says_so(scripted, voc_results):
    good, bad, _ = voc_results
    run, hook = significant(scripted, [good, bad], stopped_state(scripted), patience=9)
    run.run([0.6, 0.61])
    assert 'has no detections of the best epoch' in run.said[0]
    assert hook.decision.best == 0.6 and hook.decision.doubt == 'P(better) = 0.00 < 0.95'


def test_significance_of_what_has_no_images(scripted, voc_results):
    hook = EarlyStoppingHook('loss', significance=0.9)
    with pytest.raises(ConfigError, match="can be val/mAP or val/AP/<class>, not 'val/loss'"):
        scripted(hook).run([0.1])
    run, _ = significant(scripted, [], images=10)
    with pytest.raises(ConfigError, match='at least 50 val images'):
        run.run([0.1])


@pytest.mark.parametrize('value', [0.5, 1.0, 90, '0.9', True])
def test_significance_is_a_probability(value):
    with pytest.raises(ConfigError, match=r'significance must be a number in \(0.5, 1\)'):
        EarlyStoppingHook('mAP', significance=value)


def test_the_best_epoch_is_compared_with_and_not_the_last(scripted, voc_results):
    good, bad, _ = voc_results
    run, hook = significant(scripted, [good, bad, good], patience=9)
    run.run([0.6, 0.3, 0.61])
    assert hook.decision.doubt == 'P(better) = 0.50 < 0.95'
    assert hook.decision.best == 0.6
