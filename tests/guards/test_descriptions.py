import pytest

from mmholdout.errors import CheckpointError
from mmholdout.guards.descriptions import refuse_programs


@pytest.mark.parametrize(
    ('words', 'place'),
    [
        ({'model': {'teacher_config': 'x/evil.py'}}, 'model.teacher_config'),
        ({'model': {'stages': [{}, {'teacher_config': 'EVIL.PY '}]}}, 'model.stages.1.teacher'),
        ({'val_dataloader': ('a', ['evil.py'])}, 'val_dataloader.1.0'),
    ],
)
def test_a_program_is_refused_with_its_place(words, place):
    with pytest.raises(CheckpointError, match=place) as caught:
        refuse_programs(words, 'best.pth')
    assert 'best.pth' in str(caught.value)


def test_ordinary_words_pass():
    words = {'model': {'type': 'SSD', 'n': 3, 'p': 'a.pth', 'x': None}, 'classes': ('pyx', 'b.py.')}
    refuse_programs(words, 'best.pth')
