"""The first node where sources lie elsewhere than on the machine that compiles."""
