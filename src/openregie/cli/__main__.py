"""`python -m openregie.cli`: the same command without its script."""

from openregie.cli.main import main

main()
