"""`python -m asylia` is the command line."""

from asylia.cli.main import run

if __name__ == "__main__":
    run()
