"""工作交接: what is left open by somebody who leaves, is seconded or stays away, and who takes it over."""
