from __future__ import annotations

from mmholdout.config.from_mmdet.words import DROPPED, FOREIGN, TWO_X
from mmholdout.config.legacy import TOP_LEVEL_LEGACY
from mmholdout.config.words import TOP_LEVEL


def test_a_word_has_one_meaning():
    assert not FOREIGN & TOP_LEVEL
    assert not FOREIGN & set(TOP_LEVEL_LEGACY)
    assert not set(DROPPED) & set(TWO_X)


def test_what_takes_the_place_of_a_word_is_a_word():
    assert set(TWO_X.values()) <= TOP_LEVEL
