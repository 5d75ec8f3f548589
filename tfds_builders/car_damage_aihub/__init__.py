"""AI Hub 581: photos of damaged cars with polygons of damage and of parts."""
