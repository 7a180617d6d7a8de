"""The ``huying`` command, one file per group. Rooms are imported inside the commands, so that help comes at
once.
"""
