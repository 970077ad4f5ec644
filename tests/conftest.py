"""What all tests share."""

import os

os.environ.setdefault('OMP_NUM_THREADS', '2')

from hypothesis import settings  # noqa: E402

settings.register_profile('shared machine', deadline=None)  # timings there are no property
settings.load_profile('shared machine')
