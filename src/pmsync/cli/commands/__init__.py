"""The commands, one module for each group; each adds itself in ``register``."""
