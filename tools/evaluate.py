"""See `python tools/evaluate.py --help`; the code is in mmholdout/cli/evaluate.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mmholdout.cli.evaluate import main

if __name__ == '__main__':
    sys.exit(main())
