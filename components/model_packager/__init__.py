"""The node that makes a blessed model ready to be served, or says why it may not be."""
