"""Real `kill -9` at random moments: nothing of the harness is between the process and the disk."""

import random
import time
from pathlib import Path

import pytest

KILLS = 50
KILLS_A_RUN = 13  # after which it may come to its end
EXTRA = """
train_cfg = dict(max_epochs=10)
custom_hooks = [dict(type='ReduceLROnPlateauHook', factor=0.5, patience=1, **steering)]
default_hooks = dict(checkpoint=dict(keep=2))
"""


def living(sessions):
    """Processes of these sessions that are not dead: workers without a run."""
    found = []
    for entry in Path('/proc').iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / 'stat').read_text().rpartition(')')[2].split()
            except OSError:  # gone in the meantime
                continue
            if int(fields[3]) in sessions and fields[0] not in 'ZX':
                found.append(int(entry.name))
    return found


def killed(crash, config, folder, kills, moments):
    """The processes of one run: so many are killed, or fewer if it comes to its end before."""
    ends = []
    while not ends or ends[-1].code:
        after = next(moments) if len(ends) < kills else None
        ends.append(crash.train(config, folder, kill_after=after))
        assert ends[-1].code in (-9, 0), ends[-1].said
    return ends


@pytest.mark.guarantee
@pytest.mark.long
@pytest.mark.timeout(1200)
def test_fifty_kills(crash, resume_config, whole, difference):
    if not Path('/proc/self/stat').exists():
        pytest.skip('needs /proc to see which processes live')
    configs = [
        resume_config(f'kills_{workers}', workers=workers, extra=EXTRA) for workers in (0, 2)
    ]
    seconds = [crash.train(config, resume=None).seconds for config in configs]
    expected = [whole(config) for config in configs]

    def chain(which):
        draw = random.Random(which)
        # Up to a third of a run: beyond its start, and short enough for many kills.
        moments = iter(lambda: draw.uniform(0, seconds[which] / 3), None)
        runs, missing = [], KILLS // 2
        while missing > 0:
            folder = crash.folder / f'killed_{which}_{len(runs)}'
            runs.append(killed(crash, configs[which], folder, min(missing, KILLS_A_RUN), moments))
            missing -= len(runs[-1]) - 1
            assert difference(runs[-1][-1].fingerprint, expected[which]) == ''
        return runs

    ends = [end for runs in crash.each(chain, (0, 1)) for run in runs for end in run]
    assert sum(end.code == -9 for end in ends) == KILLS
    sessions = {end.pid for end in ends}
    until = time.monotonic() + 10
    while living(sessions) and time.monotonic() < until:
        time.sleep(0.1)
    assert living(sessions) == [], 'workers that have outlived their run'
