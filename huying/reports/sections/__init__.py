"""The sections that a report may have: each is a function of the report on its way and its definition."""
