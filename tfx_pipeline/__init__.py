"""The assembly: command line, configuration, pipeline, module files and runners."""
