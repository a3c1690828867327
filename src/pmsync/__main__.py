"""``python -m pmsync`` is the same as the ``pmsync`` command."""

from pmsync.cli import main

if __name__ == "__main__":
    main()
