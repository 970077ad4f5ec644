import pytest

from mmholdout.hooks import IncreaseBatchSizeOnPlateauHook


@pytest.mark.parametrize(
    ('values', 'options', 'scale'),
    [
        ([0.1, 0.2, 0.3], {'patience': 0}, 1),
        ([0.5] * 3, {'patience': 0}, 4),
        ([0.5] * 9, {'patience': 0, 'max_accumulation': 8}, 8),
        ([0.5] * 3, {'patience': 0, 'factor': 3}, 9),
        ([0.5] * 3, {'patience': 0, 'begin': 2}, 2),
    ],
)
def test_growth(scripted, values, options, scale):
    hook = IncreaseBatchSizeOnPlateauHook('mAP', **options)
    run = scripted(hook)
    run.run(values)
    assert hook.accumulation_scale == scale
    assert bool(run.said) == (scale > 1)


def test_state_round_trip(scripted):
    first = IncreaseBatchSizeOnPlateauHook('mAP', patience=0)
    scripted(first).run([0.5, 0.5])
    second = IncreaseBatchSizeOnPlateauHook('mAP', patience=0)
    second.load_state_dict(first.state_dict())
    assert second.accumulation_scale == 2
