"""A disk that is full from some operation on: nothing that existed is lost."""

import shutil

import pytest

SHARES = 16  # how many moments of a run are tried


@pytest.mark.guarantee
@pytest.mark.long
@pytest.mark.timeout(1200)
def test_full_disk_and_then_resumed(crash, resume_config, whole, difference):
    config = resume_config('no_workers')
    run = crash.train(config, resume=None)
    total = run.report['operations']

    def starved(number):
        end = crash.train(config, full_at=number)
        assert end.code != 0, 'a run that could not save says that it is done'
        assert 'No space left' in end.said
        saved = sorted(p.name for p in (end.folder / 'checkpoints').glob('*.pth'))
        resumed = crash.train(config, end.folder)
        problem = resumed.said if resumed.code else difference(resumed.fingerprint, whole(config))
        shutil.rmtree(end.folder)
        return f'full at {number} of {total}, with {saved}: {problem}' if problem else ''

    moments = range(1, total, total // SHARES)
    assert [problem for problem in crash.each(starved, moments) if problem] == []
