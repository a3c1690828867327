"""The use cases: pull, score, rank, plan, apply, explain. They know ports, not adapters."""
