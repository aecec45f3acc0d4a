"""The command line as `python -m diffpump`."""

from diffpump.cli import main

if __name__ == "__main__":
    main()
