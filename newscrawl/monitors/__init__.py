"""Monitors: what in a run's figures is wrong, judged against the site's own history, and the notices that tell it."""
