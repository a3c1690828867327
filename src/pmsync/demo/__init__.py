"""The demo: drives a sandbox and the command line from outside, as people would."""
