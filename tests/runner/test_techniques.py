from mmholdout.runner.techniques import techniques


def words(hooks=None, **wrapper):
    return {'optim_wrapper': wrapper, 'default_hooks': hooks or {}}


def test_plain_training_has_nothing_to_say():
    assert techniques(words(type='OptimWrapper', clip_grad=None, accumulative_counts=1)) == []


def test_each_has_its_phrase():
    found = techniques(
        {
            **words(
                {'ema': {'type': 'EMAHook', 'momentum': 1e-3}},
                type='AmpOptimWrapper',
                accumulative_counts=4,
                clip_grad=dict(max_norm=10.0),
            ),
            'freeze': ['backbone.stage1', 'neck'],
        }
    )
    assert found == [
        'mixed precision (float16 on CUDA, bfloat16 on a CPU)',
        'gradients of 4 batches make one update',
        'gradients clipped to norm 10',
        'averaged weights (EMA, momentum 0.001) are validated and kept',
        'frozen: backbone.stage1, neck',
    ]


def test_the_dtype_is_said_once_it_is_known():
    wrapper = dict(type='mmholdout.AmpOptimWrapper', dtype='bfloat16')
    assert techniques(words(**wrapper)) == ['mixed precision (bfloat16)']
    clipped = words(clip_grad=dict(type='value', clip_value=0.5))
    assert techniques(clipped) == ['gradients clipped to value 0.5']
