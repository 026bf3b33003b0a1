"""``python -m app`` is the ``company-profiles`` command."""

from app.cli.main import main

main()
