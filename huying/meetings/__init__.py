"""Meetings that a flow's cycles call: an agenda made from open cases, minutes, and decisions that are moves."""
