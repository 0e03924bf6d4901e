"""达标预判与达标方案: as pages of the qualified share, and as papers."""
