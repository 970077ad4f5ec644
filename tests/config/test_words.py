from __future__ import annotations

import pytest

from mmholdout.config.words import SECTIONS, TOP_LEVEL, section


@pytest.mark.parametrize(
    ('cfg', 'expected'),
    [({'a': {'b': {'c': 1}}}, {'c': 1}), ({'a': {}}, {}), ({'a': 3}, {}), ({'a': {'b': []}}, {})],
)
def test_section_is_a_dict_whatever_the_user_wrote(cfg, expected):
    assert section(cfg, 'a', 'b') == expected


def test_sections_hang_below_words_of_the_top_level():
    assert {path[0] for path in SECTIONS} <= TOP_LEVEL
