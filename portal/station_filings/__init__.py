"""建站信息备案: the station fills in, its street reports, the district checks."""
