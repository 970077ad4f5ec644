"""The table of speed: peer, ours, ratio, target, met or short; also written into RESULTS.md.

    python benchmarks/bench.py [--bccd FOLDER] [--peer-python PYTHON] [--rounds 3]
        [--only pipeline epoch ssd300 validation overhead gpu] [--print-only]

FOLDER is the BCCD data set in VOC layout. PYTHON is the interpreter of an environment with stock
mmdet and compiled mmcv. What is not given is not measured, and its rows say so. Ratios are medians
of ratios of runs that followed each other. All of it takes about 25 minutes on two idle cores.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import subprocess
import sys
from pathlib import Path

import bench_groups
import bench_table
import cv2
import numpy as np
import torch
from convolution_peak import rate

from mmholdout.memory import keep_freed_memory

RESULTS = Path(__file__).with_name('RESULTS.md')
PEER = (
    'import mmcv, mmdet, mmengine, torch; print(f"stock: mmdet {mmdet.__version__}, mmcv '
    '{mmcv.__version__} (compiled), mmengine {mmengine.__version__}, torch {torch.__version__}")'
)


def machine() -> str:
    """Processor, cores and versions, for the line below the table."""
    lines = Path('/proc/cpuinfo')
    names = lines.read_text().splitlines() if lines.exists() else []
    model = next((line.partition(':')[2].strip() for line in names if 'model name' in line), '')
    return (
        f'{model or platform.processor() or platform.machine()}, {os.cpu_count()} cores, '
        f'{platform.system()}, Python {platform.python_version()}, torch {torch.__version__}, '
        f'NumPy {np.__version__}, OpenCV {cv2.__version__}, load at the end '
        f'{os.getloadavg()[0]:.1f}, {datetime.datetime.now(datetime.UTC).date()}'
    )


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--bccd', type=Path)
    parser.add_argument('--peer-python')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--only', nargs='*', choices=tuple(bench_groups.GROUPS))
    parser.add_argument('--print-only', action='store_true', help='leave RESULTS.md as it is')
    options = parser.parse_args()
    given = bench_groups.Given(options.bccd, options.peer_python, options.rounds)
    keep_freed_memory()  # as a run does
    rows, notes = [], []
    if 'ssd300' in (options.only or bench_groups.GROUPS):
        threads = torch.get_num_threads()
        found = rate('configs/ssd300_bccd.py', batch_size=4, steps=3)
        notes.append(
            f'- A step of SSD300 (4 images, {threads} threads) does {found.gflop:.0f} GFLOP at '
            f'{found.gflop / found.seconds:.0f} GFLOP/s: {found.share:.0%} of the '
            f'{found.peak:.0f} GFLOP/s of a big convolution.'
        )
    for name, group in bench_groups.GROUPS.items():
        if options.only is None or name in options.only:
            rows += group(given)
            print(*rows[-1:], sep='\n', file=sys.stderr, flush=True)
    if options.peer_python:
        words = [options.peer_python, '-c', PEER]
        stock = subprocess.run(words, capture_output=True, text=True, check=True)
        notes.append(f'- {stock.stdout.strip().splitlines()[-1]}')
    notes.append(f'- {machine()}')
    text = bench_table.render(rows, notes)
    print(text)
    if not options.print_only:
        bench_table.put(RESULTS, text)
    return 0


if __name__ == '__main__':
    sys.exit(main())
