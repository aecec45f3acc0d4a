"""`python -m diffpump` is the command line."""

from diffpump.cli import main

if __name__ == "__main__":
    main()
