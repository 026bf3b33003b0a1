"""``python -m app`` is the ``company-profiles`` command."""

from app.cli import main

main()
