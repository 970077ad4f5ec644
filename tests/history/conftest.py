from __future__ import annotations

from hypothesis import settings

settings.register_profile('shared machine', deadline=None)  # timings there are no property
settings.load_profile('shared machine')
