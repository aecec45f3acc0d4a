"""Kernels of the smoothed dynamic program of a knapsack: the sweeps, and what a regulariser adds to them."""
