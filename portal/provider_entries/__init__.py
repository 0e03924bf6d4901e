"""机构入库: the institution fills in, its district checks, the confirming level confirms; then the slip."""
