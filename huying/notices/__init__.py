"""Notices: what concerns somebody now, in the app and by telephone or mail, behind one interface."""
