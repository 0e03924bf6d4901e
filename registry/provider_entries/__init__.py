"""机构入库: how a provider enters the institution library, changes and renews what stands there, and leaves it."""
