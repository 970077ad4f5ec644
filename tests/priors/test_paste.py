import pytest

from mmholdout.priors.paste import paste_block

RATIOS = [[1.34, 2.35]] * 6


@pytest.mark.parametrize(
    ('head', 'arguments'),
    [
        ('bbox_head', {'min_sizes': [20, 48.5], 'ratios': RATIOS}),
        ('rpn_head', {'type': 'AnchorGenerator', 'scales': [8], 'strides': [4, 8, 16, 32, 64]}),
        ('bbox_head', {'base_sizes': [[(116, 90), (156, 198)], [(30, 61), (62, 45)]] * 3}),
    ],
)
def test_it_is_python_that_says_the_arguments(head, arguments):
    block = paste_block(head, arguments)
    said = {}
    exec(block, said)  # noqa: S102  (our own text)
    assert said['model'] == {head: {'anchor_generator': arguments}}
    assert max(map(len, block.splitlines())) <= 100
    assert block.endswith(')\n')
