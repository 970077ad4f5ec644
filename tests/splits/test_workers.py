"""Order, progress, errors, and OpenCV's own threads."""

from __future__ import annotations

import os
import threading
import time

import cv2
import pytest

from mmholdout.splits.workers import cores, in_threads


def test_answers_come_in_order_with_their_items():
    def slow(item):
        time.sleep(0.01 * (3 - item % 3))
        return item * item

    assert list(in_threads(slow, range(9))) == [(n, n * n) for n in range(9)]


def test_other_threads_work():
    (_, ran), *_ = in_threads(lambda _: threading.current_thread(), [1])
    assert ran is not threading.main_thread()
    assert cores() >= 1


def test_progress_is_told_here():
    told = []

    def progress(done, number):
        told.append((done, number, threading.current_thread()))

    list(in_threads(str, 'abc', progress))
    assert told == [(n, 3, threading.main_thread()) for n in (1, 2, 3)]


def test_opencv_gets_its_threads_back(monkeypatch):
    told = []
    monkeypatch.setattr(cv2, 'getNumThreads', lambda: 5)
    monkeypatch.setattr(cv2, 'setNumThreads', told.append)
    assert [told[:] for _ in in_threads(str, 'ab')] == [[1], [1]]
    assert told == [1, 5]


def test_opencv_has_one_thread_meanwhile():
    own = cv2.getNumThreads()
    seen = [number for _, number in in_threads(lambda _: cv2.getNumThreads(), range(3))]
    assert seen == [1, 1, 1]
    assert cv2.getNumThreads() == own


def test_an_error_ends_it():
    own = cv2.getNumThreads()
    with pytest.raises(ZeroDivisionError):
        list(in_threads(lambda n: 1 / n, [1, 0]))
    assert cv2.getNumThreads() == own


def test_leaving_early_begins_nothing_more():
    begun = []

    def work(item):
        begun.append(item)
        time.sleep(0.01)
        return item

    answers = in_threads(work, range(200))
    next(answers)
    answers.close()
    number = len(begun)
    assert number < 100
    time.sleep(0.05)
    assert len(begun) == number


@pytest.mark.parametrize(('counted', 'number'), [(6, 6), (None, 1)])
def test_cores_where_the_system_does_not_say_which_may_be_used(monkeypatch, counted, number):
    monkeypatch.delattr(os, 'sched_getaffinity', raising=False)
    monkeypatch.setattr(os, 'cpu_count', lambda: counted)
    assert cores() == number


def test_nothing_to_do():
    assert list(in_threads(str, [])) == []
