"""View models: what a page says, as plain values; one module for each kind of page."""
