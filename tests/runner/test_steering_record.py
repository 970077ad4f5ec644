import copy

from mmholdout.runner.steering_record import UNKNOWN, steering_record

WORDS = {
    'train_cfg': {'max_epochs': 3},
    'default_hooks': {
        'best': {'type': 'BestModelHook', 'monitor': 'mAP'},
        'rate': {'schedule': {'type': 'constant', 'warmup': {'iters': 10}}},
    },
    'custom_hooks': [{'type': 'EarlyStoppingHook', 'patience': 3}],
}


def changed(**changes):
    return {**copy.deepcopy(WORDS), **changes}


def test_a_new_run_has_one_set_of_rules():
    assert len(steering_record(WORDS)) == 1


def test_resumed_with_the_same_rules():
    rules = steering_record(WORDS)
    assert steering_record(changed(train_cfg={'max_epochs': 9}), {'steering': rules}) == rules


def test_each_change_is_on_record():
    first = steering_record(WORDS)
    second = steering_record(changed(custom_hooks=[]), {'steering': first})
    assert second[:1] == first and len(second) == 2
    assert steering_record(WORDS, {'steering': second}) == [*second, *first]


def test_what_counts():
    hooks = WORDS['default_hooks']
    others = [
        changed(custom_hooks=[{'type': 'EarlyStoppingHook', 'patience': 4}]),
        changed(default_hooks={**hooks, 'best': {'monitor': 'loss'}}),
        changed(default_hooks={**hooks, 'rate': {'schedule': {'type': 'constant'}}}),
    ]
    assert len({steering_record(words)[0] for words in [WORDS, *others]}) == 4


def test_a_run_of_an_earlier_version():
    assert steering_record(WORDS, {})[0] == UNKNOWN
