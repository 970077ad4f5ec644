from __future__ import annotations

from mmholdout.config.from_mmdet.two_x_paths import below_data_root


def run(rewrite, root, **leaf):
    r = rewrite(below_data_root, data_root=root, train_dataloader={'dataset': leaf})
    return r.cfg.get('data_root'), r.cfg['train_dataloader']['dataset']


def test_the_root_is_taken_out_of_paths(rewrite):
    root, leaf = run(
        rewrite,
        'data/pets/',
        ann_file=['data/pets/a/train.txt', 'data/pets/train.txt'],
        data_prefix={'sub_data_root': ['data/pets/a/', 'data/pets/']},
    )
    assert root == 'data/pets/'
    assert leaf['ann_file'] == ['a/train.txt', 'train.txt']
    assert leaf['data_prefix'] == {'sub_data_root': ['a', '']}


def test_a_variable_that_is_not_in_all_paths_is_dropped(rewrite):
    root, leaf = run(rewrite, 'data/pets', ann_file='data/pets2/train.txt')
    assert root is None and leaf['ann_file'] == 'data/pets2/train.txt'


def test_a_root_of_the_data_set_itself_stays(rewrite):
    root, leaf = run(rewrite, 'data/pets', data_root='data/pets', ann_file='train.txt')
    assert (root, leaf['ann_file']) == ('data/pets', 'train.txt')
