"""Composition root: the only room that builds an mmengine Runner."""
