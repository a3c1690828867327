"""pmsync keeps a product's backlog, roadmap and release notes true."""

__version__ = "0.1.0"
