"""Car parts as arrays of photo and part values: photos and two rendered cars."""
