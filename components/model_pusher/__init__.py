"""The node that hands a blessed model to the servers, whole or not at all."""
