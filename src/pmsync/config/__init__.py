"""Configuration: the operator's file, the products' files, and every error with its place."""
