"""One folder per dataset, each a TensorFlow Datasets builder of the shared record."""
