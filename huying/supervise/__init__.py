"""Supervision: urging, orders to rectify, bulletins; by hand with one key, or by the place's rules."""
