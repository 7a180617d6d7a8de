"""Rosters: households paired with those who look after them, what was opened for one, and how many were visited."""
