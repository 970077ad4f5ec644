from mmholdout.report.verification import Verification


def test_what_holds_and_what_was_left_out():
    found = Verification()
    assert found.take([], 'a: 3 files')
    assert found.take([], 'b')
    found.not_checked.append('c: not there')
    found.remarks.append('d')
    assert found.text().splitlines() == [
        'ok: a: 3 files',
        'ok: b',
        'not checked: c: not there',
        'd',
        '2 checks passed, 1 not checked',
    ]


def test_what_has_problems_has_not_passed():
    found = Verification()
    assert not found.take(['x differs', 'y is missing'], 'all of them')
    assert found.problems == ['x differs', 'y is missing']
    assert found.text() == '0 checks passed, 0 not checked, 2 problems'


def test_one_is_one():
    found = Verification()
    found.take([], 'a')
    found.take(['b'], '')
    assert found.text().splitlines()[-1] == '1 check passed, 0 not checked, 1 problem'
