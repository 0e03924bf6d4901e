"""`/public/`: the register as families see it, without a sign-in; also as a copy of files for another web server."""
