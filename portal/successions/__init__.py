"""承继: who took over from an organisation, shown before it is recorded, and undone while nobody acted on it."""
