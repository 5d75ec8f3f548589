"""The configuration files, in the text formats that the image reads too."""
