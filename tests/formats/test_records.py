from mmholdout.formats.records import FLAGS, IGNORED, Collection, Picture, Thing


def test_the_things_of_all_splits_in_order():
    one, two, three = (Thing(n, (0, 0, 1, 1)) for n in range(3))
    splits = {'train': [Picture('a', 1, 1, (one, two))], 'val': [Picture('b', 1, 1, (three,))]}
    assert Collection(('x',), splits).things() == [one, two, three]


def test_what_is_ignored_is_a_flag():
    assert set(FLAGS) > IGNORED
