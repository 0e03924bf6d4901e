"""What the sector is: plain Python and SQLAlchemy, no request, no page, no HTML."""
