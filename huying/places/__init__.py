"""Places: divisions, layers of grids, organs, calendars, and which grid a point lies in."""
