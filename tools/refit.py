"""See `python tools/refit.py --help`; the code is in mmholdout/cli/refit.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mmholdout.cli.refit import main

if __name__ == '__main__':
    sys.exit(main())
