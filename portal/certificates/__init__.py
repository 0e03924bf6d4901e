"""即将到期的证书 on pages: the list, the file, and a reminder to many institutions at once."""
