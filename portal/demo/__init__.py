"""The demonstration world: a designed artefact, seeded, everything in it invented and marked 示例."""
