"""Brings documents up to newer releases: fetching, merging, telling what changed."""
