"""Two people under one number: what each division says under it, and which of it is about somebody else."""
