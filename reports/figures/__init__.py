"""Every indicator is defined once: page, command, API, workbook, chart and ledger of rows come from that definition."""
