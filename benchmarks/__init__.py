"""Measurements of how fast, printed as ratios within one run; `make bench` runs them, no test does."""
