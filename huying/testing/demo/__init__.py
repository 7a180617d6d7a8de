"""A demonstration's life: made-up messages, scripted officials, all through the same doors as everybody else."""
