"""工作交接 on pages: previewed, passed on, and ticked off by the successor."""
