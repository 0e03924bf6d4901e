"""建站信息备案: how a social-work station is put on file, changes what stands there, and is closed."""
