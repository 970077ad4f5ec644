from types import SimpleNamespace

from mmholdout.hooks import OverfittingHook


def rows():
    for epoch in range(1, 31):
        after = max(0, epoch - 10)
        yield {
            'epoch': epoch,
            'val/loss': 2.0 + 0.06 * after if epoch > 10 else 3.0 - 0.1 * epoch,
            'train_eval/loss': 3.0 - 0.08 * epoch,
            'val/mAP': min(0.5, 0.05 * epoch),
        }


def run_of(number):
    said = []
    history = SimpleNamespace(rows=list(rows())[:number])
    best = SimpleNamespace(mode='max')
    return SimpleNamespace(history=history, say=said.append, best=best, best_key='val/mAP'), said


def test_says_it_once():
    hook = OverfittingHook()
    runner, said = run_of(30)
    hook.after_validation(runner, None)
    hook.after_validation(runner, None)
    assert len(said) == 1
    assert said[0].startswith('overfitting since epoch')


def test_silent_while_all_is_well():
    runner, said = run_of(9)
    OverfittingHook().after_validation(runner, None)
    assert not said


def test_not_again_after_a_resume():
    hook = OverfittingHook()
    hook.load_state_dict({'said': True})
    runner, said = run_of(30)
    hook.after_validation(runner, None)
    assert not said
