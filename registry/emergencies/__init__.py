"""紧急查看: who opened a clinical field in an emergency, and who answers for it."""
